import type { Transaction } from 'kysely'
import { type Account, toAccount } from '../accounts/account-row.js'
import { type Clock, DAY_MS, toTime } from '../clock.js'
import type { Schema } from '../database/schema.js'
import { SCOPES } from '../rights.js'
import { createSecret, digestOf, type RandomBytes } from '../secrets.js'

/** A session ends after this time, */
const SESSION_MS = 30 * DAY_MS
/** or if it was not used for this time. */
export const IDLE_SESSION_MS = 7 * DAY_MS
/** Above this number the oldest session of an account ends. */
const MAX_SESSIONS = 50

/** A session that was just started. */
export interface Session {
  /** The secret. It is not stored, and cannot be read again. */
  readonly token: string
  /** When it ends at the latest, RFC 3339. */
  readonly expires_at: string
  /** Whose it is. */
  readonly account: Account
}

/** Starts a session; resolves with `null` if the account is disabled. */
export type StartSession = (transaction: Transaction<Schema>, handle: string) => Promise<Session | null>

export function createStartSession({
  clock,
  randomBytes,
}: {
  clock: Clock
  randomBytes: RandomBytes
}): StartSession {
  return async function startSession(transaction, handle) {
    const row = await transaction
      .selectFrom('accounts')
      .selectAll()
      .where('handle', '=', handle)
      .where('kind', '=', 'person')
      .where('disabled_at', 'is', null)
      .executeTakeFirst()
    if (!row) return null
    const token = createSecret('session', randomBytes)
    const created_at = toTime(clock())
    const expires_at = toTime(clock() + SESSION_MS)
    await makeRoom(transaction, handle, created_at)
    await transaction
      .insertInto('tokens')
      .values({
        digest: digestOf(token),
        handle,
        kind: 'session',
        name: 'session',
        // Whatever the account may do, also once its role has changed.
        scopes: SCOPES.join(','),
        created_at,
        used_at: created_at,
        expires_at,
      })
      .execute()
    return { token, expires_at, account: toAccount(row) }
  }
}

/** Deletes what has ended, of all accounts, and the oldest sessions of this one if it has too many. */
async function makeRoom(transaction: Transaction<Schema>, handle: string, now: string): Promise<void> {
  await transaction.deleteFrom('tokens').where('expires_at', '<=', now).execute()
  const kept = transaction
    .selectFrom('tokens')
    .select('id')
    .where('handle', '=', handle)
    .where('kind', '=', 'session')
    .orderBy('id', 'desc')
    .limit(MAX_SESSIONS - 1)
  await transaction
    .deleteFrom('tokens')
    .where('handle', '=', handle)
    .where('kind', '=', 'session')
    .where('id', 'not in', kept)
    .execute()
}

/** Ends the sessions of an account, but for one token. */
export async function endSessions(transaction: Transaction<Schema>, handle: string, keep = 0): Promise<void> {
  await transaction
    .deleteFrom('tokens')
    .where('handle', '=', handle)
    .where('kind', '=', 'session')
    .where('id', '!=', keep)
    .execute()
}
