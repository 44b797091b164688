import type { MessageQuery } from '@gitmsg/store'
import { z } from 'zod'
import { describeTimestampProblem, normalizeTimestamp, TIMESTAMP_RULES } from '../format/timestamp.js'
import { ValidationError } from '../validation-error.js'
import { toPlainObject } from './message-input.js'

const id = (description: string, min = 1) => z.int().min(min).optional().meta({ description })

const time = (description: string) =>
  z
    .string()
    .meta({ ...TIMESTAMP_RULES, description })
    .transform((value, context) => {
      const timestamp = normalizeTimestamp(value)
      if (timestamp === null) context.addIssue({ code: 'custom', message: describeTimestampProblem(value) })
      return timestamp ?? z.NEVER
    })
    .optional()

const limit = z.int().min(1).max(1000).optional().meta({ description: 'At most this many. Default: 50.' })

/** The filters of a list; all that are given must match. */
export const messageQuerySchema = z.strictObject({
  limit,
  before: id('Only ids below this one.'),
  after: id('Only ids above this one: the ones nearest to it, still newest first. 0 is the beginning.', 0),
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

/** What the parameters must be that set where a list begins or ends. */
const CURSORS: Readonly<Record<string, string>> = {
  before: 'before must be the id of a message.',
  after: 'after must be the id of a message, or 0 for the beginning.',
  since: 'since must be an RFC 3339 time.',
  until: 'until must be an RFC 3339 time.',
}

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
  const [issue] = result.error.issues
  const field = issue?.path[0]?.toString()
  const sentence = field !== undefined && Object.hasOwn(CURSORS, field) ? CURSORS[field] : undefined
  if (sentence !== undefined) {
    throw new ValidationError('invalid-cursor', issue?.code === 'custom' ? issue.message : sentence, field)
  }
  throw new ValidationError('invalid-query', 'A query parameter is unknown or invalid.', field)
}
