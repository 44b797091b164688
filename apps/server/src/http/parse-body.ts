import type { z } from 'zod'
import type { ErrorCode } from './error-table.js'
import { problem } from './errors.js'

/**
 * Checks the body of a request.
 *
 * @throws {HttpError} for the first thing that is wrong
 */
export function parseBody<Output>(schema: z.ZodType<Output>, body: unknown): Output {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw problem('invalid_body')
  const result = schema.safeParse(body, { reportInput: true })
  if (result.success) return result.data
  const issue = result.error.issues[0] as z.core.$ZodIssue
  const [name] = issue.path
  if (issue.code === 'unrecognized_keys')
    throw problem('unknown_field', { field: harmlessName(issue.keys[0]) })
  const code = codeOf(issue)
  throw problem(code, {
    field: String(name),
    ...(code === 'invalid_type' && { message: 'The field is not of the described type.' }),
  })
}

function codeOf(issue: z.core.$ZodIssue): ErrorCode {
  const { code, input } = issue
  if (input === undefined || input === null) return 'missing_field'
  if (code === 'custom') return issue.params?.problem as ErrorCode
  const isOfOtherType = code === 'invalid_type' || (code === 'invalid_value' && typeof input !== 'string')
  return isOfOtherType ? 'invalid_type' : 'invalid_value'
}

/** An unknown field is named only if its name is harmless to repeat. */
const harmlessName = (key: string | undefined): string | undefined =>
  key !== undefined && /^\w{1,64}$/.test(key) ? key : undefined
