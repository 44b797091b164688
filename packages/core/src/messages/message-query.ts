import type { MessageQuery, Topic } from '@gitmsg/store'
import { z } from 'zod'
import { nameProblem } from '../format/text-rules.js'
import { describeTimestampProblem, normalizeTimestamp, TIMESTAMP_RULES } from '../format/timestamp.js'
import { ValidationError } from '../validation-error.js'
import { toPlainObject } from './parse-input.js'

/** The filters of a list; all that are given must match. */
export interface ListQuery extends Omit<MessageQuery, 'include' | 'signal'> {
  /** `true`: only tombstones of deleted messages. Default: only messages that are not deleted. */
  readonly deleted?: boolean
  /** Only reactions, which are in no other list. */
  readonly format?: 'reaction'
}

const id = (description: string, min = 1) => z.int().min(min).optional().meta({ description })

/** No stored text contains NUL. */
const exactly = (description: string, example?: string) =>
  z
    .string()
    .refine((text) => text.isWellFormed() && !text.includes('\0'))
    .optional()
    .meta({
      description,
      pattern: String.raw`^[^\u0000]*$`,
      ...(example !== undefined && { examples: [example] }),
    })

/** A message's uid, which cannot be empty; an unknown one matches nothing. */
const uid = (description: string) =>
  exactly(description)
    .refine((text) => text !== '')
    .meta({ description, pattern: String.raw`^[^\u0000]+$` })

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

/** The filters of a list. */
export const messageQuerySchema = z
  .strictObject({
    limit,
    before: id('Only ids below this one.'),
    after: id('Only ids above this one: the ones nearest to it, still newest first. 0 is the beginning.', 0),
    sender: exactly('Only messages of exactly this sender.', 'alice'),
    topic: exactly('Only messages with exactly this topic.', 'deploys'),
    thread: uid('Only the thread that begins with the message with this uid: it and all replies.'),
    reply_to: uid('Only direct replies to the message with this uid.'),
    since: time('Only messages with this timestamp or a later one.'),
    until: time('Only messages with an earlier timestamp.'),
    synchronized: z
      .boolean()
      .optional()
      .meta({ description: 'true: only messages in the repository; false: only messages not yet in it.' }),
    deleted: z
      .boolean()
      .optional()
      .meta({ description: 'true: only deleted messages; false, the default: only the others.' }),
    format: z
      .literal('reaction')
      .optional()
      .meta({ description: 'Only reactions, which are in no other list.' }),
  })
  .refine(({ deleted, format }) => !(deleted && format), { path: ['format'] })

/** A page of quarantined changes, or of the versions of a message. */
export const pageSchema = z.strictObject({
  limit,
  before: id('Only sequences, or versions, below this one.'),
})

/** A page of a thread. */
export const threadPageSchema = z.strictObject({
  limit,
  after: id('Only ids above this one.', 0),
})

/** A page of the feed, without the place where it begins. */
export const limitSchema = z.strictObject({ limit })

/** A page of topics. */
export const topicPageSchema = z.strictObject({
  limit,
  before: exactly(
    'The `last_at` and the name of the last topic of the page before, with a slash between them.',
  ),
})

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
export function checkListQuery(query: unknown): ListQuery {
  return parseQuery(messageQuerySchema, query)
}

/** Parameters of which none is undefined: those are left out. */
type Given<Output> = { [Name in keyof Output]: Exclude<Output[Name], undefined> }

/** Checks the parameters of any other list, in the same way. */
export function parseQuery<Output extends object>(schema: z.ZodType<Output>, query: unknown): Given<Output> {
  const result = schema.safeParse(toPlainObject(query))
  if (result.success) {
    const given = Object.entries(result.data).filter(([, value]) => value !== undefined)
    return Object.fromEntries(given) as Given<Output>
  }
  const [issue] = result.error.issues
  const field = issue?.path[0]?.toString()
  const sentence = field !== undefined && Object.hasOwn(CURSORS, field) ? CURSORS[field] : undefined
  if (sentence !== undefined) {
    throw new ValidationError('invalid-cursor', issue?.code === 'custom' ? issue.message : sentence, field)
  }
  throw new ValidationError('invalid-query', 'A query parameter is unknown or invalid.', field)
}

/** The place of a topic in the list of topics. */
type TopicCursor = Pick<Topic, 'topic' | 'last_at'>

const TOPIC_CURSOR = /^([^/]{24})\/(.+)$/

/** Checks a page of topics. */
export function parseTopicPage(query: unknown): { limit?: number; before?: TopicCursor } {
  const { limit, before } = parseQuery(topicPageSchema, query)
  const page = limit === undefined ? {} : { limit }
  if (before === undefined) return page
  const [, last_at = '', topic = ''] = TOPIC_CURSOR.exec(before) ?? []
  if (normalizeTimestamp(last_at) !== last_at || nameProblem(topic) !== null) {
    throw new ValidationError('invalid-cursor', 'before must be the cursor of a page of topics.', 'before')
  }
  return { ...page, before: { last_at, topic } }
}

/** The cursor of a topic, as it is in a URL. */
export const toTopicCursor = ({ last_at, topic }: TopicCursor): string => `${last_at}/${topic}`

/** The filters as the store has them. */
export function toStoreQuery({ deleted, format, ...query }: ListQuery): MessageQuery {
  if (deleted) return { ...query, include: 'deleted' }
  return format ? { ...query, include: 'reactions' } : query
}
