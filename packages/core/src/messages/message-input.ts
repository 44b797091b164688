import { z } from 'zod'
import { readOnce } from './read-once.js'
import {
  CONTENT_RULES,
  contentProblem,
  MAX_CONTENT_LENGTH,
  MAX_SENDER_LENGTH,
  SENDER_RULES,
  senderProblem,
  type TextProblem,
} from '../format/text-rules.js'
import { normalizeTimestamp, TIMESTAMP_RULES } from '../format/timestamp.js'
import { ValidationError, type ValidationErrorCode } from '../validation-error.js'

/** What a sender gives. */
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

/** What a message may be; the metadata says in JSON Schema what the checks do. */
export const messageInputSchema = z.strictObject({
  content: text(contentProblem).meta({
    ...CONTENT_RULES,
    description: 'Not blank; no NUL and no lone surrogate. Kept byte for byte.',
    examples: ['Hello, Git'],
  }),
  sender: text(senderProblem).meta({
    ...SENDER_RULES,
    description:
      'Shows something; no control, bidirectional control or unassigned character, and no combining mark at its beginning.',
    examples: ['alice'],
  }),
  timestamp: z
    .string()
    .meta({ ...TIMESTAMP_RULES, description: 'When it was said. Default: now.' })
    .transform((value, context) => {
      const timestamp = normalizeTimestamp(value)
      if (timestamp === null) context.addIssue({ code: 'custom', params: { problem: 'invalid-timestamp' } })
      return timestamp ?? z.NEVER
    })
    .optional(),
})

const EXPLANATIONS: Partial<Record<ValidationErrorCode, string>> = {
  'unknown-field': 'This field is not known. A message has content, sender and, if wanted, timestamp.',
  'missing-field': 'This field is required.',
  'invalid-type': 'This field must be a string.',
  empty: 'This field must not be blank.',
  'too-long': `The text is too long: content may have ${MAX_CONTENT_LENGTH} characters, sender ${MAX_SENDER_LENGTH}.`,
  'invalid-characters': 'This field has characters that are not allowed in it.',
  'invalid-timestamp': 'The timestamp must be an RFC 3339 time, for example 2025-01-09T00:06:41Z.',
}

/**
 * Checks what was sent; the texts come out as they went in, the timestamp in its stored form.
 *
 * @throws {ValidationError} for anything that is not a message
 */
export function parseMessageInput(input: unknown): MessageInput {
  const fields = readOnce(input)
  if (!fields) throw new ValidationError('invalid-body', 'A message is an object with content and sender.')
  if (Object.getOwnPropertySymbols(fields).length > 0) throw refusal('unknown-field')
  const result = messageInputSchema.safeParse(fields, { reportInput: true })
  if (result.success) return result.data
  const { code, field } = describe(result.error.issues[0] as z.core.$ZodIssue)
  throw refusal(code, field)
}

function refusal(code: ValidationErrorCode, field?: string): ValidationError {
  return new ValidationError(code, EXPLANATIONS[code] ?? 'The message is not valid.', field)
}

function describe(issue: z.core.$ZodIssue): { code: ValidationErrorCode; field?: string } {
  if (issue.code === 'unrecognized_keys') return { code: 'unknown-field', ...fieldName(issue.keys[0]) }
  const field = String(issue.path[0])
  if (issue.code === 'custom') return { code: issue.params?.problem as ValidationErrorCode, field }
  const missing = issue.input === undefined || issue.input === null
  return { code: missing ? 'missing-field' : 'invalid-type', field }
}

/** An unknown field is named only where its name is harmless to repeat. */
function fieldName(key: string | undefined): { field?: string } {
  return key !== undefined && /^\w{1,64}$/.test(key) ? { field: key } : {}
}
