import type { MessageQuery } from '@gitmsg/store'
import { z } from 'zod'
import { readOnce } from './read-once.js'
import { normalizeTimestamp, TIMESTAMP_RULES } from '../format/timestamp.js'
import { ValidationError } from '../validation-error.js'

const messageId = (description: string) => z.int().min(1).optional().meta({ description })

const time = (description: string) =>
  z
    .string()
    .meta({ ...TIMESTAMP_RULES, description })
    .transform((value, context) => {
      const timestamp = normalizeTimestamp(value)
      if (timestamp === null) context.addIssue({ code: 'custom' })
      return timestamp ?? z.NEVER
    })
    .optional()

const limit = z.int().min(1).max(1000).optional().meta({ description: 'The most to answer. Default: 50.' })

/** The conditions of a list; every one given must hold. */
export const messageQuerySchema = z.strictObject({
  limit,
  before: messageId('Only ids below this one.'),
  after: messageId('Only ids above this one: those nearest to it, still newest first.'),
  sender: z
    .string()
    .refine((sender) => sender.isWellFormed())
    .optional()
    .meta({ description: 'Only of this sender, compared as it is.', examples: ['alice'] }),
  since: time('Only with a timestamp of this time or later.'),
  until: time('Only with a timestamp before this time.'),
  synchronized: z
    .boolean()
    .optional()
    .meta({ description: 'Only those that the repository has, or only those that it has not yet.' }),
})

/** A page of the quarantined changes. */
export const pageSchema = z.strictObject({
  limit,
  before: messageId('Only sequences below this one.'),
})

/** What says where a list begins or ends. */
const CURSORS: readonly PropertyKey[] = ['before', 'after', 'since', 'until']

/**
 * Checks the conditions of a list; times come out in the form in which they are stored.
 *
 * @throws {ValidationError} `invalid-cursor` for what says where to begin or end, `invalid-query` for all else
 */
export function parseMessageQuery(query: unknown): MessageQuery {
  return parse(messageQuerySchema, query)
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
      'invalid-cursor',
      'This must be the id of a message (before, after) or an RFC 3339 time (since, until).',
      String(name),
    )
  }
  throw new ValidationError(
    'invalid-query',
    'The query has a parameter that is unknown or not valid.',
    name?.toString(),
  )
}
