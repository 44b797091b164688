import { z } from 'zod'
import {
  CONTENT_RULES,
  contentProblem,
  MAX_CONTENT_LENGTH,
  MAX_SENDER_LENGTH,
  SENDER_RULES,
  senderProblem,
  type TextProblem,
} from '../format/text-rules.js'
import { describeTimestampProblem, normalizeTimestamp, TIMESTAMP_RULES } from '../format/timestamp.js'
import { ValidationError, type ValidationErrorCode } from '../validation-error.js'

/** A message to post. */
export interface MessageInput {
  /** 1 to 32,768 code points, not blank, no NUL. */
  readonly content: string
  /** 1 to 64 code points, not blank, no control, bidirectional control or unassigned characters. */
  readonly sender: string
  /** RFC 3339. Default: now. */
  readonly timestamp?: string | undefined
}

const text = (problemOf: (text: string) => TextProblem | null) =>
  z.string().superRefine((value, context) => {
    const problem = problemOf(value)
    if (problem) context.addIssue({ code: 'custom', params: { problem } })
  })

/** A message to post; the metadata expresses the checks as JSON Schema. */
export const messageInputSchema = z.strictObject({
  content: text(contentProblem).meta({
    ...CONTENT_RULES,
    description: 'The text, stored byte for byte. Not blank; no NUL and no lone surrogates.',
    examples: ['Hello, Git'],
  }),
  sender: text(senderProblem).meta({
    ...SENDER_RULES,
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
})

const SENTENCES: Partial<Record<ValidationErrorCode, string>> = {
  'unknown-field': 'Unknown field. A message has content, sender and, optionally, timestamp.',
  'missing-field': 'This field is required.',
  'invalid-type': 'This field must be a string.',
  empty: 'This field must not be blank.',
  'too-long': `This field is too long: at most ${MAX_CONTENT_LENGTH} characters for content, ${MAX_SENDER_LENGTH} for sender.`,
  'invalid-characters': 'This field contains characters that are not allowed.',
}

/**
 * Checks a message to post. Texts are returned unchanged, the timestamp in its stored form.
 *
 * @throws {ValidationError} if it is not a valid message
 */
export function parseMessageInput(input: unknown): MessageInput {
  const fields = toPlainObject(input)
  if (!fields) throw new ValidationError('invalid-body', 'A message is an object with content and sender.')
  if (Object.getOwnPropertySymbols(fields).length > 0) throw invalid('unknown-field')
  const result = messageInputSchema.safeParse(fields, { reportInput: true })
  if (result.success) return result.data
  const { code, field, sentence } = describeIssue(result.error.issues[0] as z.core.$ZodIssue)
  throw invalid(code, field, sentence)
}

/**
 * Copies what a caller passed, reading every property once: getters and proxies cannot return something else later.
 * Returns `null` if it is not an object, or cannot be read.
 */
export function toPlainObject(input: unknown): Record<PropertyKey, unknown> | null {
  try {
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return null
    const keys = [...Object.keys(input), ...Object.getOwnPropertySymbols(input)]
    const source = input as Record<PropertyKey, unknown>
    return Object.fromEntries(keys.map((key) => [key, source[key]]))
  } catch {
    return null
  }
}

function invalid(code: ValidationErrorCode, field?: string, sentence = SENTENCES[code]): ValidationError {
  return new ValidationError(code, sentence ?? 'The message is not valid.', field)
}

interface DescribedIssue {
  readonly code: ValidationErrorCode
  readonly field?: string
  /** More specific than that of the code. */
  readonly sentence?: string | undefined
}

function describeIssue(issue: z.core.$ZodIssue): DescribedIssue {
  if (issue.code === 'unrecognized_keys') return { code: 'unknown-field', ...harmlessName(issue.keys[0]) }
  const field = String(issue.path[0])
  if (issue.code === 'custom') {
    const { problem: code, sentence } = issue.params as { problem: ValidationErrorCode; sentence?: string }
    return { code, field, sentence }
  }
  const isMissing = issue.input === undefined || issue.input === null
  return { code: isMissing ? 'missing-field' : 'invalid-type', field }
}

/** An unknown field is named only if its name is harmless to repeat. */
function harmlessName(key: string | undefined): { field?: string } {
  return key !== undefined && /^\w{1,64}$/.test(key) ? { field: key } : {}
}
