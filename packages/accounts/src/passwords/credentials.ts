import type { Transaction } from 'kysely'
import { AccountsError } from '../accounts-error.js'
import { isHandle } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Schema } from '../database/schema.js'
import { endSessions, type Session, type StartSession } from '../tokens/sessions.js'
import type { Hasher } from './hasher.js'
import { checkNewPassword } from './password-rules.js'

/** How people prove who they are. */
export interface Credentials {
  /**
   * Starts a session. It takes the same time whether the account exists or not.
   *
   * @throws AccountsError `invalid-credentials`, `overloaded`
   */
  signIn(credentials: { readonly handle: string; readonly password: string }): Promise<Session>
  /**
   * Starts a session for the account of an identity; resolves with `null` if there is none.
   *
   * @throws AccountsError `invalid-credentials` if the account is disabled
   */
  signInWithIdentity(identity: Identity): Promise<Session | null>
  /**
   * Changes the password of an account, and ends all its sessions but the given token.
   *
   * @throws AccountsError `invalid-credentials` if the current one is wrong, `weak-password`, `overloaded`
   */
  changePassword(change: {
    readonly handle: string
    readonly current: string
    readonly password: string
    readonly keep?: number | undefined
  }): Promise<void>
}

/** A person, as an OpenID provider knows them. */
export interface Identity {
  /** The provider. */
  readonly issuer: string
  /** Its permanent name for the person, which is not an e-mail address. */
  readonly subject: string
}

export function createCredentials(
  database: Database,
  { clock, hasher, startSession }: { clock: Clock; hasher: Hasher; startSession: StartSession },
): Credentials {
  async function readHash(handle: string): Promise<string | null> {
    if (!isHandle(handle)) return null
    const row = await database.read((queries) =>
      queries.selectFrom('passwords').select('hash').where('handle', '=', handle).executeTakeFirst(),
    )
    return row?.hash ?? null
  }

  /** Resolves with the hash that the password has. */
  async function assertPassword(handle: string, password: string): Promise<string> {
    const hash = await readHash(handle)
    if (!(await hasher.verify(hash, password)) || hash === null) throw invalidCredentials()
    return hash
  }

  return {
    async signIn({ handle, password }) {
      const hash = await assertPassword(handle, password)
      return database.write(async (transaction) => {
        await assertHash(transaction, handle, hash)
        const session = await startSession(transaction, handle)
        if (!session) throw invalidCredentials()
        return session
      })
    },

    signInWithIdentity: ({ issuer, subject }) =>
      database.write(async (transaction) => {
        const row = await transaction
          .selectFrom('identities')
          .select('handle')
          .where('issuer', '=', issuer)
          .where('subject', '=', subject)
          .executeTakeFirst()
        if (!row) return null
        const session = await startSession(transaction, row.handle)
        if (!session) throw invalidCredentials()
        return session
      }),

    async changePassword({ handle, current, password, keep }) {
      await checkNewPassword(password)
      const hash = await assertPassword(handle, current)
      const next = await hasher.hash(password)
      await database.write(async (transaction) => {
        await assertHash(transaction, handle, hash)
        await setPassword(transaction, { handle, hash: next, changed_at: toTime(clock()) })
        await endSessions(transaction, handle, keep)
      })
    },
  }
}

/** Stores the hash of an account's password in place of an earlier one. */
export async function setPassword(
  transaction: Transaction<Schema>,
  row: { handle: string; hash: string; changed_at: string },
): Promise<void> {
  const { hash, changed_at } = row
  await transaction
    .insertInto('passwords')
    .values(row)
    .onConflict((conflict) => conflict.column('handle').doUpdateSet({ hash, changed_at }))
    .execute()
}

/** The password may have been changed while it was checked. */
async function assertHash(transaction: Transaction<Schema>, handle: string, hash: string): Promise<void> {
  const row = await transaction
    .selectFrom('passwords')
    .select('hash')
    .where('handle', '=', handle)
    .executeTakeFirst()
  if (row?.hash !== hash) throw invalidCredentials()
}

const invalidCredentials = () =>
  new AccountsError('invalid-credentials', 'the handle or the password is not right')
