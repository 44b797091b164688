import type { z } from 'zod'
import { MAX_CONTENT_LENGTH, MAX_NAME_LENGTH } from '../format/text-rules.js'
import { ValidationError, type ValidationErrorCode } from '../validation-error.js'

/** The sentences about an input as a whole. */
interface InputDescription {
  /** What it is. */
  readonly shape: string
  /** Which fields it has. */
  readonly fields: string
}

const SENTENCES: Partial<Record<ValidationErrorCode, string>> = {
  'missing-field': 'This field is required.',
  'invalid-type': 'This field must be a string.',
  'invalid-value': 'This field must be one of the values that are listed in the API description.',
  empty: 'This field must not be blank.',
  'too-long': `This field is too long: at most ${MAX_CONTENT_LENGTH} characters for content, ${MAX_NAME_LENGTH} for sender and topic.`,
  'invalid-characters': 'This field contains characters that are not allowed.',
  'invalid-reply-to': 'There is no message with this id or uid to reply to.',
}

/**
 * Checks an object from a caller.
 *
 * @throws {ValidationError} for the first thing that is wrong
 */
export function parseInput<Output>(
  schema: z.ZodType<Output>,
  input: unknown,
  { shape, fields }: InputDescription,
): Output {
  const object = toPlainObject(input)
  if (!object) throw new ValidationError('invalid-body', shape)
  const unknown = `Unknown field. ${fields}`
  if (Object.getOwnPropertySymbols(object).length > 0) throw new ValidationError('unknown-field', unknown)
  const result = schema.safeParse(object, { reportInput: true })
  if (result.success) return result.data
  const { code, field, sentence } = describeIssue(result.error.issues[0] as z.core.$ZodIssue)
  const description = code === 'unknown-field' ? unknown : (sentence ?? SENTENCES[code])
  throw new ValidationError(code, description ?? 'The message is not valid.', field)
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

interface DescribedIssue {
  readonly code: ValidationErrorCode
  readonly field?: string
  /** More specific than that of the code. */
  readonly sentence?: string | undefined
}

function describeIssue(issue: z.core.$ZodIssue): DescribedIssue {
  if (issue.code === 'unrecognized_keys') return { code: 'unknown-field', ...harmlessName(issue.keys[0]) }
  const [name] = issue.path
  const field = name === undefined ? {} : { field: String(name) }
  if (issue.code === 'custom') {
    const { problem: code, sentence } = issue.params as { problem: ValidationErrorCode; sentence?: string }
    return { code, ...field, sentence }
  }
  if (issue.input === undefined || issue.input === null) return { code: 'missing-field', ...field }
  if (name === 'reply_to') return { code: referenceProblem(issue.input), ...field }
  const isString = typeof issue.input === 'string'
  return { code: issue.code === 'invalid_value' && isString ? 'invalid-value' : 'invalid-type', ...field }
}

/** What names a message is a number or a string. */
const referenceProblem = (input: unknown): ValidationErrorCode =>
  typeof input === 'number' ? 'invalid-reply-to' : 'invalid-type'

/** An unknown field is named only if its name is harmless to repeat. */
function harmlessName(key: string | undefined): { field?: string } {
  return key !== undefined && /^\w{1,64}$/.test(key) ? { field: key } : {}
}
