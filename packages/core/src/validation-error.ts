/**
 * Why an input was refused. Nothing was written.
 *
 * - `invalid-body`: not an object
 * - `unknown-field`, `missing-field`, `invalid-type`: the object's shape
 * - `empty`, `too-long`, `invalid-characters`, `invalid-timestamp`: a field's value
 * - `invalid-query`, `invalid-cursor`: a condition of a list; its cursors are `before`, `after`, `since` and `until`
 * - `invalid-id`: not the id and uid of a message
 * - `invalid-idempotency-key`: not 1 to 128 visible ASCII characters
 * - `idempotency-key-reused`: the key was used for another message
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
  | 'invalid-query'
  | 'invalid-cursor'
  | 'invalid-id'
  | 'invalid-idempotency-key'
  | 'idempotency-key-reused'

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
