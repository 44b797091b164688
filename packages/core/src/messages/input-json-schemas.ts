import { z } from 'zod'
import { type MessageInput, messageInputSchema } from './message-input.js'
import { messageQuerySchema, pageSchema } from './message-query.js'
import { idempotencyKeySchema } from './post-message.js'

/** A schema in JSON Schema 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** The schema of an object. */
export interface ObjectJsonSchema extends JsonSchema {
  /** The fields it may have; no others are allowed. */
  readonly properties: Readonly<Record<string, JsonSchema>>
  /** The fields it must have. */
  readonly required?: readonly string[]
}

/** Schemas of everything an engine accepts. */
export interface InputJsonSchemas {
  /** A message to post, {@link MessageInput}. */
  readonly message: ObjectJsonSchema
  /** The filters of `list`. */
  readonly query: ObjectJsonSchema
  /** The page of `quarantined`. */
  readonly page: ObjectJsonSchema
  /** The idempotency key of `post`. */
  readonly idempotencyKey: JsonSchema
}

const EXAMPLE: MessageInput = { content: 'Hello, Git', sender: 'alice' }

/** What an engine accepts, as JSON Schema for documents and forms: generated from the schemas that check the input. */
export function inputJsonSchemas(): InputJsonSchemas {
  return {
    message: { ...(toJsonSchema(messageInputSchema) as ObjectJsonSchema), examples: [EXAMPLE] },
    query: toJsonSchema(messageQuerySchema) as ObjectJsonSchema,
    page: toJsonSchema(pageSchema) as ObjectJsonSchema,
    idempotencyKey: toJsonSchema(idempotencyKeySchema),
  }
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema, '~standard': _, ...described } = z.toJSONSchema(schema, { io: 'input' })
  return described
}
