import type { MessageQuery } from '@gitmsg/store'
import { z } from 'zod'
import { normalizeTimestamp, TIMESTAMP_RULES } from '../format/timestamp.js'
import { ValidationError } from '../validation-error.js'
import { toPlainObject } from './message-input.js'

const id = (description: string) => z.int().min(1).optional().meta({ description })

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

const limit = z.int().min(1).max(1000).optional().meta({ description: 'At most this many. Default: 50.' })

/** The filters of a list; all that are given must match. */
export const messageQuerySchema = z.strictObject({
  limit,
  before: id('Only ids below this one.'),
  after: id('Only ids above this one: the ones nearest to it, still newest first.'),
  sender: z
    .string()
    .refine((sender) => sender.isWellFormed())
    .optional()
    .meta({ description: 'Only messages of exactly this sender.', examples: ['alice'] }),
  since: time('Only messages with this timestamp or a later one.'),
  until: time('Only messages with an earlier timestamp.'),
  synchronized: z
    .boolean()
    .optional()
    .meta({ description: 'true: only messages in the repository; false: only messages not yet in it.' }),
})

/** A page of quarantined changes. */
export const pageSchema = z.strictObject({ limit, before: id('Only sequences below this one.') })

/** Parameters that set where a list begins or ends. */
const CURSORS: readonly PropertyKey[] = ['before', 'after', 'since', 'until']

/**
 * Checks the filters of a list; times are returned in their stored form.
 *
 * @throws {ValidationError} `invalid-cursor` for `before`, `after`, `since` and `until`, else `invalid-query`
 */
export function parseMessageQuery(query: unknown): MessageQuery {
  return parse(messageQuerySchema, query)
}

/** The same for a page of quarantined changes, which has only `limit` and `before`. */
export function parsePage(query: unknown): Pick<MessageQuery, 'limit' | 'before'> {
  return parse(pageSchema, query)
}

function parse(schema: z.ZodType<object>, query: unknown): object {
  const result = schema.safeParse(toPlainObject(query))
  if (result.success) {
    const given = Object.entries(result.data).filter(([, value]) => value !== undefined)
    return Object.fromEntries(given)
  }
  const [name] = result.error.issues[0]?.path ?? []
  if (name !== undefined && CURSORS.includes(name)) {
    throw new ValidationError(
      'invalid-cursor',
      'before and after must be the id of a message, since and until an RFC 3339 time.',
      String(name),
    )
  }
  throw new ValidationError('invalid-query', 'A query parameter is unknown or invalid.', name?.toString())
}
