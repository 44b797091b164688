import { z } from 'zod'
import { messageQuerySchema, pageSchema } from './message-query.js'
import { type MessageInput, messageInputSchema } from './message-input.js'
import { idempotencyKeySchema } from './post-message.js'

/** A schema of JSON Schema 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** A schema of an object. */
export interface ObjectJsonSchema extends JsonSchema {
  /** The fields that there may be; no other may. */
  readonly properties: Readonly<Record<string, JsonSchema>>
  /** Those that must be there. */
  readonly required?: readonly string[]
}

/** What may come in. */
export interface InputJsonSchemas {
  /** A {@link MessageInput}. */
  readonly message: ObjectJsonSchema
  /** The conditions of `list`. */
  readonly query: ObjectJsonSchema
  /** The page of `quarantined`. */
  readonly page: ObjectJsonSchema
  /** The option of `post`. */
  readonly idempotencyKey: JsonSchema
}

const EXAMPLE: MessageInput = { content: 'Hello, Git', sender: 'alice' }

/** What an engine takes, as JSON Schema: made of the same schemas that check it, for documents and forms. */
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
