/**
 * Why input was rejected. Nothing was written.
 *
 * - `invalid-body`: not an object
 * - `unknown-field`, `missing-field`, `invalid-type`: the object's shape
 * - `empty`, `too-long`, `invalid-characters`, `invalid-timestamp`: the value of a field
 * - `invalid-value`: a field that allows only some values has another
 * - `invalid-reply-to`: there is no message that can be replied to
 * - `invalid-query`, `invalid-cursor`: a list filter; the cursors are `before`, `after`, `since` and `until`
 * - `invalid-id`: not the id and uid of a message
 * - `invalid-idempotency-key`: not 1 to 128 visible ASCII characters
 * - `idempotency-key-reused`: the key was used for another request
 * - `format-too-old`: the repository is held at a format version that cannot express this
 */
export type ValidationErrorCode =
  | 'invalid-body'
  | 'unknown-field'
  | 'missing-field'
  | 'invalid-type'
  | 'empty'
  | 'too-long'
  | 'invalid-characters'
  | 'invalid-timestamp'
  | 'invalid-value'
  | 'invalid-reply-to'
  | 'invalid-query'
  | 'invalid-cursor'
  | 'invalid-id'
  | 'invalid-idempotency-key'
  | 'idempotency-key-reused'
  | 'format-too-old'

/** Bad input. The message is for people and never repeats the input. */
export class ValidationError extends Error {
  /** Used by `instanceof`. */
  override readonly name = 'ValidationError'
  /** What is wrong. */
  readonly code: ValidationErrorCode
  /** The invalid field or parameter, if it is a single one. */
  readonly field: string | undefined

  constructor(code: ValidationErrorCode, message: string, field?: string) {
    super(message)
    this.code = code
    this.field = field
  }

  /** Compares names, so that errors of another copy of this package (ES module and CommonJS, two versions) match. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'ValidationError'
  }
}
