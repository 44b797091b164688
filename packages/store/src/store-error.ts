/**
 * What went wrong, in terms of what the caller can do next.
 *
 * - `duplicate-uid`: a message with this uid is stored already
 * - `idempotency-key-reused`: the key was used with another fingerprint
 * - `busy`: another process held the write lock for too long; try again
 * - `full`: no room on the disk; nothing was written
 * - `corrupt`: the file is damaged
 * - `not-a-store`: the file is something else, a symbolic link, or not a file; it was left alone
 * - `newer-schema`: written by a newer version; it was left alone
 * - `unsafe-sqlite`: this SQLite can lose committed data, does not do what durability needs, or is given a network disk
 * - `invalid-argument`: the call itself is wrong
 * - `closed`: the store was closed
 * - `aborted`: the caller's signal ended it; nothing was written
 * - `failed`: anything else; `cause` has it
 */
export type StoreErrorCode =
  | 'duplicate-uid'
  | 'idempotency-key-reused'
  | 'busy'
  | 'full'
  | 'corrupt'
  | 'not-a-store'
  | 'newer-schema'
  | 'unsafe-sqlite'
  | 'invalid-argument'
  | 'closed'
  | 'aborted'
  | 'failed'

/** The only error a store rejects with. Its message never holds a message's text. */
export class StoreError extends Error {
  /** What `instanceof` goes by. */
  override readonly name = 'StoreError'
  /** What the caller can do next. */
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  /** By name: another copy of this package (ES module and CommonJS, two versions) makes the same errors. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'StoreError'
  }
}
