/**
 * Why a repair or a restore did not begin.
 *
 * - `synchronizing`: another process synchronizes this database; stop it first
 * - `not-empty`: the database has messages of its own, which a restore must not mix with others
 */
export type PreconditionErrorCode = 'synchronizing' | 'not-empty'

/** Nothing was changed. */
export class PreconditionError extends Error {
  /** What `instanceof` goes by. */
  override readonly name = 'PreconditionError'
  /** Why it did not begin. */
  readonly code: PreconditionErrorCode

  constructor(code: PreconditionErrorCode, message: string) {
    super(message)
    this.code = code
  }

  /** By name: another copy of this package (ES module and CommonJS, two versions) makes the same errors. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'PreconditionError'
  }
}
