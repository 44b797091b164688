import { z } from 'zod'
import {
  type MessageChanges,
  type MessageInput,
  messageChangesSchema,
  messageInputSchema,
} from './message-input.js'
import { messageQuerySchema, pageSchema, threadPageSchema, topicPageSchema } from './message-query.js'
import { idempotencyKeySchema } from './message-writer.js'
import { searchQuerySchema } from './search-query.js'

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
  /** The changes of `edit`, {@link MessageChanges}. */
  readonly changes: ObjectJsonSchema
  /** The filters of `list`. */
  readonly query: ObjectJsonSchema
  /** The page of `quarantined` and of `history`. */
  readonly page: ObjectJsonSchema
  /** The page of `thread`. */
  readonly threadPage: ObjectJsonSchema
  /** The page of `topics`; its cursor is one text. */
  readonly topicPage: ObjectJsonSchema
  /** The parameters of `search`. */
  readonly search: ObjectJsonSchema
  /** The idempotency key of `post`. */
  readonly idempotencyKey: JsonSchema
}

const EXAMPLE: MessageInput = { content: 'Hello, Git', sender: 'alice' }
const CHANGES: MessageChanges = { content: 'Hello again, Git' }

/** What an engine accepts, as JSON Schema for documents and forms: generated from the schemas that check the input. */
export function inputJsonSchemas(): InputJsonSchemas {
  return {
    message: { ...(toJsonSchema(messageInputSchema) as ObjectJsonSchema), examples: [EXAMPLE] },
    changes: {
      ...(toJsonSchema(messageChangesSchema) as ObjectJsonSchema),
      minProperties: 1,
      examples: [CHANGES],
    },
    query: toJsonSchema(messageQuerySchema) as ObjectJsonSchema,
    page: toJsonSchema(pageSchema) as ObjectJsonSchema,
    threadPage: toJsonSchema(threadPageSchema) as ObjectJsonSchema,
    topicPage: toJsonSchema(topicPageSchema) as ObjectJsonSchema,
    search: toJsonSchema(searchQuerySchema) as ObjectJsonSchema,
    idempotencyKey: toJsonSchema(idempotencyKeySchema),
  }
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema, '~standard': _, ...described } = z.toJSONSchema(schema, { io: 'input' })
  return described
}
