import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'
import type { OpenapiDocument } from '../../http/openapi/build-document.js'
import { SECURITY_HEADERS } from '../../http/middleware/security-headers.js'
import type { Answer } from '../open-test-server.js'

/** Headers that are the transport's, or the same on every answer whatever it is. */
const NOT_THE_CALLS = [
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

interface Response {
  readonly headers: Readonly<Record<string, { readonly $ref: string }>>
  readonly content: Readonly<Record<string, object>>
}

/** The document as a judge of answers, read as a client would: nothing but it says what an answer may be. */
export function createDescribedAnswers(document: OpenapiDocument) {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema(document, 'api')

  /** What is wrong with a value, by the schema at this place of the document. */
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

  function headerProblems({ headers: described }: Response, { headers }: Answer): string[] {
    const names = Object.keys(described)
    const known = [...NOT_THE_CALLS, ...names.map((name) => name.toLowerCase())]
    const undescribed = Object.keys(headers).filter((name) => !known.includes(name))
    const wrong = names.flatMap((name) => {
      const value = headers[name.toLowerCase()]
      const pointer = described[name]?.$ref ?? ''
      if (value !== undefined)
        return problems(`${pointer}/schema`, value).map((problem) => `${name}:${problem}`)
      return (lookUp(pointer) as Header).required ? [`${name} is missing`] : []
    })
    return [...undescribed.map((name) => `${name} is not described`), ...wrong]
  }

  function answerProblems(pointer: string, answer: Answer): string[] {
    const found = lookUp(pointer) as (Response & { $ref?: string }) | undefined
    if (!found) return [`${answer.status} ${answer.json?.error?.code ?? ''} is not described`]
    if (found.$ref) return answerProblems(found.$ref, answer)
    const type = /^[^;]*/.exec(String(answer.headers['content-type']))?.[0] ?? ''
    if (!(type in found.content)) return [`${type} is not described`]
    const schema = `${pointer}/content/${escaped(type)}/schema`
    return [...problems(schema, answer.json ?? answer.text), ...headerProblems(found, answer)]
  }

  return {
    problems,
    /** Fails unless the answer is one that the document has for this call, in status, headers and body. */
    expect(call: string, answer: Answer): void {
      const [method = '', path = ''] = call.split(' ')
      const operation = `#/paths/${escaped(path.replace(/:(\w+)/g, '{$1}'))}/${method.toLowerCase()}`
      expect(answerProblems(`${operation}/responses/${answer.status}`, answer)).toEqual([])
    },
    /** The same, of one of the answers that are no call's. */
    expectShared(name: string, answer: Answer): void {
      expect(answerProblems(`#/components/responses/${name}`, answer)).toEqual([])
    },
  }
}

/** A step of a JSON Pointer in a fragment. */
function escaped(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))
}
