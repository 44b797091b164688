/**
 * Why an input was refused. Nothing was written.
 *
 * - `invalid_body`: not an object
 * - `unknown_field`, `missing_field`, `invalid_type`: the object's shape
 * - `empty`, `too_long`, `invalid_characters`, `invalid_timestamp`: a field's value
 * - `invalid_query`, `invalid_cursor`: a condition of a list; its cursors are `before`, `after`, `since` and `until`
 * - `invalid_id`: not the id and uid of a message
 * - `invalid_idempotency_key`: not 1 to 128 visible ASCII characters
 * - `idempotency_key_reused`: the key was used for another message
 */
export type ValidationErrorCode =
  | 'invalid_body'
  | 'unknown_field'
  | 'missing_field'
  | 'invalid_type'
  | 'empty'
  | 'too_long'
  | 'invalid_characters'
  | 'invalid_timestamp'
  | 'invalid_query'
  | 'invalid_cursor'
  | 'invalid_id'
  | 'invalid_idempotency_key'
  | 'idempotency_key_reused'

/** Bad input. The message is for people and never repeats what was sent. */
export class ValidationError extends Error {
  /** What `instanceof` goes by. */
  override readonly name = 'ValidationError'
  /** What is wrong with it. */
  readonly code: ValidationErrorCode
  /** The field or parameter that is wrong, where it is one. */
  readonly field: string | undefined

  constructor(code: ValidationErrorCode, message: string, field?: string) {
    super(message)
    this.code = code
    this.field = field
  }

  /** By name: another copy of this package (ES module and CommonJS, two versions) makes the same errors. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'ValidationError'
  }
}
