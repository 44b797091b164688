import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import { SECURITY_HEADERS } from '../../http/middleware/common-headers.js'
import type { OpenapiDocument } from '../../http/openapi/build-document.js'
import type { TestResponse } from '../servers/open-test-server.js'

/** Headers of the transport, and those that every response has. The document does not describe them. */
const UNDESCRIBED_HEADERS = [
  ...[
    'cache-control',
    'connection',
    'content-length',
    'content-type',
    'date',
    'keep-alive',
    'transfer-encoding',
  ],
  ...Object.keys(SECURITY_HEADERS).map((name) => name.toLowerCase()),
]

interface Header {
  readonly required?: boolean
}

interface DescribedResponse {
  readonly headers: Readonly<Record<string, { readonly $ref: string }>>
  /** Absent: no body. */
  readonly content?: Readonly<Record<string, object>>
}

/** Validates responses against the OpenAPI document and nothing else, as a client would. */
export function createDescribedResponses(document: OpenapiDocument) {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(document, 'api')

  /** What is wrong with a value according to the schema at this JSON Pointer. */
  function problems(pointer: string, value: unknown): string[] {
    const validate = ajv.getSchema(`api${pointer}`)
    if (!validate) return [`the document has nothing at ${pointer}`]
    return validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }

  function lookUp(pointer: string): unknown {
    return pointer
      .slice(2)
      .split('/')
      .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
      .reduce<unknown>((place, step) => (place as Record<string, unknown> | undefined)?.[step], document)
  }

  function headerProblems({ headers: described }: DescribedResponse, { headers }: TestResponse): string[] {
    const names = Object.keys(described)
    const known = [...UNDESCRIBED_HEADERS, ...names.map((name) => name.toLowerCase())]
    const undescribed = Object.keys(headers).filter((name) => !known.includes(name))
    const wrong = names.flatMap((name) => {
      // The only header that Node.js returns as a list.
      const value = name === 'Set-Cookie' ? headers['set-cookie']?.[0] : headers[name.toLowerCase()]
      const pointer = described[name]?.$ref ?? ''
      if (value !== undefined)
        return problems(`${pointer}/schema`, value).map((problem) => `${name}:${problem}`)
      return (lookUp(pointer) as Header).required ? [`${name} is missing`] : []
    })
    return [...undescribed.map((name) => `${name} is not described`), ...wrong]
  }

  function responseProblems(pointer: string, response: TestResponse): string[] {
    const found = lookUp(pointer) as (DescribedResponse & { $ref?: string }) | undefined
    if (!found) return [`${response.status} ${response.json?.error?.code ?? ''} is not described`]
    if (found.$ref) return responseProblems(found.$ref, response)
    if (!found.content) {
      return [
        ...(response.text === '' ? [] : ['a body is not described']),
        ...headerProblems(found, response),
      ]
    }
    const type = /^[^;]*/.exec(String(response.headers['content-type']))?.[0] ?? ''
    if (!(type in found.content)) return [`${type} is not described`]
    const schema = `${pointer}/content/${escaped(type)}/schema`
    return [...problems(schema, response.json ?? response.text), ...headerProblems(found, response)]
  }

  return {
    problems,
    /** Fails unless the document has this response for the endpoint: its status, headers and body. */
    expect(endpoint: string, response: TestResponse): void {
      const [method = '', path = ''] = endpoint.split(' ')
      const operation = `#/paths/${escaped(path.replace(/:(\w+)/g, '{$1}'))}/${method.toLowerCase()}`
      expect(responseProblems(`${operation}/responses/${response.status}`, response)).toEqual([])
    },
    /** The same for a shared response, which belongs to no endpoint. */
    expectShared(name: string, response: TestResponse): void {
      expect(responseProblems(`#/components/responses/${name}`, response)).toEqual([])
    },
  }
}

/** A step of a JSON Pointer in a fragment. */
function escaped(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))
}
