import { inputJsonSchemas, type JsonSchema, type ObjectJsonSchema } from '@gitmsg/core'
import type { Scope } from '../../access/access-token.js'
import type { ErrorCode } from '../error-table.js'
import { POSITION_PATTERN } from '../feed-position.js'
import type { HeaderName } from './response-headers.js'
import type { SchemaName } from './schemas.js'

/** An endpoint as the OpenAPI document describes it. */
export interface Operation {
  /** The name of the function in generated clients. */
  readonly id: string
  readonly tag: 'Messages' | 'Accounts' | 'Moderation' | 'Synchronization' | 'Health' | 'Description'
  readonly summary: string
  readonly description?: string
  /** A token needs one of these scopes; none: the endpoint needs no token. */
  readonly scopes: readonly Scope[]
  readonly parameters?: readonly Parameter[]
  readonly body?: SchemaName
  readonly response: SuccessfulResponse
  /** What it responds with instead in some cases. */
  readonly otherResponse?: SuccessfulResponse
  /** Beyond those that every endpoint has; see `errorsOf`. */
  readonly errors?: readonly ErrorCode[]
}

/** Endpoints by method and path, as the router has them: `GET /messages/:key`. */
export type Operations = Readonly<
  Record<`${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`, Operation>
>

/** A parameter as the OpenAPI document has it. */
export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path' | 'header'
  readonly description: string
  readonly required?: true
  readonly schema: JsonSchema
}

/** The response to a successful request. */
interface SuccessfulResponse {
  readonly status: 200 | 201 | 202 | 204 | 302
  readonly description: string
  /** Default: `application/json`. */
  readonly type?: string
  /** Absent: the response has no body. */
  readonly schema?: SchemaName
  readonly headers?: readonly HeaderName[]
}

/** The fields of an object as query parameters. */
export function queryParameters({ properties, required = [] }: ObjectJsonSchema): Parameter[] {
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    const isRequired = required.includes(name) && ({ required: true } as const)
    return { name, in: 'query', description: String(description), ...isRequired, schema }
  })
}

/** The path's account. */
export const HANDLE: Parameter = {
  name: 'handle',
  in: 'path',
  description: 'The handle of the account.',
  required: true,
  schema: { type: 'string', examples: ['alice'] },
}

/** What the path names by its number. */
export const NUMBER: Parameter = {
  name: 'id',
  in: 'path',
  description: 'Its number. Anything else is not found.',
  required: true,
  schema: { type: 'string', examples: ['1'] },
}

/** The path's message. */
export const MESSAGE_KEY: Parameter = {
  name: 'key',
  in: 'path',
  description: 'The id or the uid of the message. Anything else is not found.',
  required: true,
  schema: { type: 'string', examples: ['1', '0193a5c2-7b1e-7000-8000-000000000000'] },
}

/** Makes retries of a request with a body safe. */
export const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Makes retries safe: another request with the same key and body returns the first response again and stores nothing. A key belongs to one endpoint and one message. Keys are remembered for at least 24 hours.',
  schema: { ...inputJsonSchemas().idempotencyKey, examples: ['0193a5c2-7b1e-7000-8000-000000000000'] },
}

/** Makes a change depend on the version that the client has read. */
export const IF_MATCH: Parameter = {
  name: 'If-Match',
  in: 'header',
  description:
    'The `ETag` of the message as it was read: if its version is another one now, the request is rejected. `*`: any version. Default: the last change wins.',
  schema: { type: 'string', examples: ['"2"', '*'] },
}

/** Resumes an event stream. */
export const LAST_EVENT_ID: Parameter = {
  name: 'Last-Event-ID',
  in: 'header',
  description: 'The `id` of the last event: the stream goes on after it. Browsers send it by themselves.',
  schema: { type: 'string', pattern: POSITION_PATTERN, examples: ['5f2b7c1e3d2a4a55:1234'] },
}

/** Saves the body of a list that the client has. */
export const IF_NONE_MATCH: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  description: 'The `ETag` of an earlier response: if it would be the same again, the status is 304.',
  schema: { type: 'string', examples: ['"47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"'] },
}
