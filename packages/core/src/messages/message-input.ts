import { z } from 'zod'
import {
  CONTENT_RULES,
  contentProblem,
  isReactionContent,
  NAME_RULES,
  nameProblem,
  type TextProblem,
} from '../format/text-rules.js'
import { describeTimestampProblem, normalizeTimestamp, TIMESTAMP_RULES } from '../format/timestamp.js'
import { parseInput } from './parse-input.js'

/** A message to post. */
export interface MessageInput {
  /** 1 to 32,768 code points, not blank, no NUL. A reaction is one emoji. */
  readonly content: string
  /** 1 to 64 code points, not blank, no control, bidirectional control or unassigned characters. */
  readonly sender: string
  /** RFC 3339. Default: now. */
  readonly timestamp?: string | undefined
  /** How the content is to be read. A `reaction` needs `reply_to`. Default: `plain`. */
  readonly format?: 'plain' | 'markdown' | 'reaction' | undefined
  /** A label, by the rules of a sender. Default: the topic of the message to which this one replies. */
  readonly topic?: string | undefined
  /** The id or uid of the message to which this one replies. It must not be deleted or a reaction. */
  readonly reply_to?: number | string | undefined
}

/** The changes of an edit: at least one. */
export interface MessageChanges {
  /** As in {@link MessageInput}. */
  readonly content?: string | undefined
  /** How the content is to be read. */
  readonly format?: 'plain' | 'markdown' | undefined
  /** `null` removes the topic. */
  readonly topic?: string | null | undefined
}

const text = (problemOf: (text: string) => TextProblem | null) =>
  z.string().superRefine((value, context) => {
    const problem = problemOf(value)
    if (problem) context.addIssue({ code: 'custom', params: { problem } })
  })

const content = text(contentProblem).meta({
  ...CONTENT_RULES,
  description: 'The text, stored byte for byte. Not blank; no NUL and no lone surrogates.',
  examples: ['Hello, Git'],
})

const topic = text(nameProblem).meta({
  ...NAME_RULES,
  description: 'A label: a channel, the address of a page, a service. By the rules of a sender.',
  examples: ['deploys'],
})

/** A message to post; the metadata expresses the checks as JSON Schema. */
export const messageInputSchema = z
  .strictObject({
    content,
    sender: text(nameProblem).meta({
      ...NAME_RULES,
      description:
        'Who sends it. Must have a visible character, no control, bidirectional control or unassigned characters, and no leading combining mark.',
      examples: ['alice'],
    }),
    timestamp: z
      .string()
      .meta({ ...TIMESTAMP_RULES, description: 'When it was written. Default: now.' })
      .transform((value, context) => {
        const timestamp = normalizeTimestamp(value)
        if (timestamp === null) {
          const sentence = describeTimestampProblem(value)
          context.addIssue({ code: 'custom', params: { problem: 'invalid-timestamp', sentence } })
        }
        return timestamp ?? z.NEVER
      })
      .optional(),
    format: z.enum(['plain', 'markdown', 'reaction']).optional().meta({
      description:
        'How the content is to be read. A reaction is one emoji in reply to a message. Default: plain.',
    }),
    topic: topic.optional(),
    reply_to: z
      .union([
        z.int().positive(),
        z.string().refine((uid) => uid.isWellFormed() && !uid.includes('\0'), {
          params: { problem: 'invalid-reply-to' },
        }),
      ])
      .optional()
      .meta({ description: 'The id or uid of the message to which this one replies.', examples: [12] }),
  })
  .superRefine(({ format, content, reply_to }, context) => {
    if (format !== 'reaction') return
    const add = (path: string, problem: string, sentence: string) =>
      context.addIssue({ code: 'custom', path: [path], params: { problem, sentence } })
    if (reply_to === undefined) add('reply_to', 'missing-field', 'A reaction needs reply_to.')
    else if (!isReactionContent(content)) {
      add('content', 'invalid-characters', 'The content of a reaction must be one emoji.')
    }
  })

/** The changes of an edit, likewise. */
export const messageChangesSchema = z
  .strictObject({
    content: content.optional(),
    format: z.enum(['plain', 'markdown']).optional().meta({ description: 'How the content is to be read.' }),
    topic: topic.nullable().optional(),
  })
  .superRefine((changes, context) => {
    if (Object.values(changes).some((value) => value !== undefined)) return
    const sentence = 'An edit needs content, format or topic.'
    context.addIssue({ code: 'custom', params: { problem: 'missing-field', sentence } })
  })

/**
 * Checks a message to post. Texts are returned unchanged, the timestamp in its stored form.
 *
 * @throws {ValidationError} if it is not a valid message
 */
export function parseMessageInput(input: unknown): MessageInput {
  return parseInput(messageInputSchema, input, {
    shape: 'A message is an object with content and sender.',
    fields: 'A message has content, sender and, optionally, timestamp, format, topic and reply_to.',
  })
}

/**
 * Checks the changes of an edit. Texts are returned unchanged.
 *
 * @throws {ValidationError} if they are not valid changes
 */
export function parseMessageChanges(input: unknown): MessageChanges {
  return parseInput(messageChangesSchema, input, {
    shape: 'An edit is an object with content, format or topic.',
    fields: 'An edit has content, format and topic.',
  })
}
