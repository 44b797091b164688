import type { JsonSchema, ObjectJsonSchema } from '@gitmsg/core'
import type { Scope } from '../../access/access-token.js'
import type { ErrorCode } from '../errors.js'
import type { HeaderName } from './response-headers.js'
import type { SchemaName } from './schemas.js'

/** An endpoint as the OpenAPI document describes it. */
export interface Operation {
  /** The name of the function in generated clients. */
  readonly id: string
  readonly tag: 'Messages' | 'Synchronization' | 'Health' | 'Description'
  readonly summary: string
  readonly description?: string
  /** The scope that a token needs; `null`: the endpoint needs no token. */
  readonly scope: Scope | null
  readonly parameters?: readonly Parameter[]
  readonly body?: SchemaName
  readonly response: SuccessfulResponse
  /** Beyond those that every endpoint has; see `errorsOf`. */
  readonly errors?: readonly ErrorCode[]
}

/** Endpoints by method and path, as the router has them: `GET /messages/:key`. */
export type Operations = Readonly<Record<`${'GET' | 'POST'} /${string}`, Operation>>

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
  readonly status: 200 | 201
  readonly description: string
  /** Default: `application/json`. */
  readonly type?: string
  readonly schema: SchemaName
  readonly headers?: readonly HeaderName[]
}

/** The fields of an object as query parameters. */
export function queryParameters({ properties }: ObjectJsonSchema): Parameter[] {
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    return { name, in: 'query', description: String(description), schema }
  })
}
