/**
 * Why a repair or a restore did not begin.
 *
 * - `synchronizing`: another process synchronizes this database; stop it first
 * - `not-empty`: the database has messages of its own, which a restore must not mix with others
 */
export type RefusedErrorCode = 'synchronizing' | 'not-empty'

/** Nothing was changed. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly code: RefusedErrorCode

  constructor(code: RefusedErrorCode, message: string) {
    super(message)
    this.code = code
  }
}
