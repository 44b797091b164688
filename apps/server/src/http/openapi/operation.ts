import type { JsonSchema, ObjectJsonSchema } from '@gitmsg/core'
import type { Scope } from '../../access/access-token.js'
import type { Refusals } from '../errors.js'
import type { SchemaName } from './schemas.js'
import type { HeaderName } from './response-headers.js'

/** A call, as the OpenAPI document describes it. It stands beside its route. */
export interface Operation {
  /** Its name for programs that are made from the document. */
  readonly id: string
  readonly tag: 'Messages' | 'Synchronization' | 'Health' | 'Description'
  readonly summary: string
  readonly description?: string
  /** What a token must be good for; `null`: the call needs none. */
  readonly scope: Scope | null
  readonly parameters?: readonly Parameter[]
  readonly body?: SchemaName
  readonly answer: Answer
  /** What it refuses beyond what every call does; see `common-refusals.ts`. */
  readonly refusals?: Refusals
}

/** Calls by method and path, as the router has them: `GET /messages/:key`. */
export type Operations = Readonly<Record<`${'GET' | 'POST'} /${string}`, Operation>>

export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path' | 'header'
  readonly description: string
  readonly required?: true
  readonly schema: JsonSchema
}

/** What is answered when all is well. */
interface Answer {
  readonly status: 200 | 201
  readonly description: string
  /** Default: `application/json`. */
  readonly type?: string
  readonly schema: SchemaName
  readonly headers?: readonly HeaderName[]
}

/** The fields of an object as parameters of a query. */
export function queryParameters({ properties }: ObjectJsonSchema): Parameter[] {
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    return { name, in: 'query', description: String(description), schema }
  })
}
