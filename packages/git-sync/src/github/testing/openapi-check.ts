import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import formatsPlugin from 'ajv-formats'
import type { FakeRequest } from '../../testing/index.js'

interface Operation {
  readonly parameters: readonly { name: string; in: string; required?: boolean; schema: object }[]
  readonly requestBody?: { content: { 'application/json': { schema: object } } }
}

/** Returns what is wrong with a request according to GitHub's own description of its API. */
export type OpenApiCheck = (request: FakeRequest) => string | undefined

const description = JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>
}

/** A check that also finds misspelt fields, which the description does not forbid. */
export function createOpenApiCheck(): OpenApiCheck {
  const ajv = new Ajv({ strict: false, coerceTypes: true, allErrors: true })
  formatsPlugin.default(ajv)
  const compiled = new Map<string, { body: ValidateFunction | null; query: ValidateFunction }>()

  const compile = (key: string, { parameters, requestBody }: Operation) => {
    const schema = requestBody?.content['application/json'].schema
    const inQuery = parameters.filter((parameter) => parameter.in === 'query')
    const query = {
      type: 'object',
      properties: Object.fromEntries(inQuery.map((parameter) => [parameter.name, parameter.schema])),
      required: inQuery.filter(({ required }) => required).map(({ name }) => name),
    }
    const validators = {
      body: schema ? ajv.compile(closed(schema)) : null,
      query: ajv.compile(closed(query)),
    }
    compiled.set(key, validators)
    return validators
  }

  return ({ method, route, query, body }) => {
    const key = `${method} ${route}`
    const operation = description.paths[route]?.[method.toLowerCase()]
    if (!operation) return `${key} is not in the description`
    const validators = compiled.get(key) ?? compile(key, operation)
    if (!validators.query({ ...query })) return `query of ${key}: ${ajv.errorsText(validators.query.errors)}`
    if (!validators.body) return isEmpty(body) ? undefined : `${key} takes no body`
    return validators.body(body) ? undefined : `body of ${key}: ${ajv.errorsText(validators.body.errors)}`
  }
}

const isEmpty = (body: unknown): boolean => Object.keys(body as object).length === 0

/** The same schema without additional fields. */
function closed(schema: unknown): object {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema as object
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  const isObject = copy.type === ('object' as never) && copy.properties !== undefined
  return isObject ? { ...copy, additionalProperties: false } : copy
}
