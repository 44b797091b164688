/** A JSON Schema 2020-12 schema: the keywords that this page reads. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly format?: string
  readonly pattern?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly examples?: readonly unknown[]
}

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path' | 'header'
  readonly description: string
  readonly required?: boolean
  readonly schema: Schema
}

/** A named example; `summary` says when it applies. */
export interface Example {
  readonly $ref?: string
  readonly summary?: string
  readonly value?: unknown
}

/** A body of one content type. */
export interface MediaType {
  readonly schema: Schema
  readonly examples?: Readonly<Record<string, Example>>
}

interface Header {
  readonly $ref?: string
  readonly description?: string
  readonly schema?: Schema
}

/** One response of an operation. */
export interface Response {
  readonly $ref?: string
  readonly description?: string
  readonly headers?: Readonly<Record<string, Header>>
  readonly content?: Readonly<Record<string, MediaType>>
}

/** One method of one path. */
export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description?: string
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly description: string
    readonly content: Readonly<Record<string, MediaType>>
  }
  readonly responses: Readonly<Record<string, Response>>
}

/** The server's OpenAPI document: the fields that this page reads. */
export interface OpenapiDocument {
  readonly openapi: string
  readonly info: { readonly version: string; readonly description: string }
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly securitySchemes: { readonly bearer: { readonly description: string } }
  }
}

/** Resolves a `$ref`; returns a part without one unchanged. Throws if the reference is broken. */
export type Resolve = <Part extends { readonly $ref?: string }>(part: Part) => Part

/** Creates a function that resolves the references within this document. */
export function createResolve(document: object): Resolve {
  return function resolve(part) {
    if (part.$ref === undefined) return part
    const path = part.$ref.slice(2).split('/')
    const target = path.reduce<unknown>(
      (parent, key) => (parent as Record<string, unknown> | undefined)?.[key],
      document,
    )
    if (target === undefined) throw new Error(`The document has nothing at ${part.$ref}`)
    return resolve(target as typeof part)
  }
}
