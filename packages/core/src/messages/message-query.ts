import type { MessageQuery } from '@gitmsg/store'
import { z } from 'zod'
import { readOnce } from './read-once.js'
import { normalizeTimestamp } from './timestamp.js'
import { ValidationError } from './validation-error.js'

const messageId = z.int().positive()
const time = z.string().transform((value, context) => {
  const timestamp = normalizeTimestamp(value)
  if (timestamp === null) context.addIssue({ code: 'custom' })
  return timestamp ?? z.NEVER
})

const schema = z.strictObject({
  limit: z.int().min(1).max(1000).optional(),
  before: messageId.optional(),
  after: messageId.optional(),
  sender: z
    .string()
    .refine((sender) => sender.isWellFormed())
    .optional(),
  since: time.optional(),
  until: time.optional(),
  synchronized: z.boolean().optional(),
})

const pageSchema = schema.pick({ limit: true, before: true })

/** What says where a list begins or ends. */
const CURSORS: readonly PropertyKey[] = ['before', 'after', 'since', 'until']

/**
 * Checks the conditions of a list; times come out in the form in which they are stored.
 *
 * @throws {ValidationError} `invalid_cursor` for what says where to begin or end, `invalid_query` for all else
 */
export function parseMessageQuery(query: unknown): MessageQuery {
  return parse(schema, query)
}

/** A page of the quarantined changes: {@link parseMessageQuery} with `limit` and `before` only. */
export function parsePage(query: unknown): Pick<MessageQuery, 'limit' | 'before'> {
  return parse(pageSchema, query)
}

function parse(schema: z.ZodType<object>, query: unknown): object {
  const result = schema.safeParse(readOnce(query))
  if (result.success) {
    const given = Object.entries(result.data).filter(([, value]) => value !== undefined)
    return Object.fromEntries(given)
  }
  const [name] = result.error.issues[0]?.path ?? []
  if (name !== undefined && CURSORS.includes(name)) {
    throw new ValidationError(
      'invalid_cursor',
      'This must be the id of a message (before, after) or an RFC 3339 time (since, until).',
      String(name),
    )
  }
  throw new ValidationError(
    'invalid_query',
    'The query has a parameter that is unknown or not valid.',
    name?.toString(),
  )
}
