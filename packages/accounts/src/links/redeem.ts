import type { Kysely, Transaction } from 'kysely'
import { handleTaken, prepareAccount } from '../accounts/accounts-table.js'
import { AccountsError } from '../accounts-error.js'
import { invalid } from '../arguments.js'
import { recordAct } from '../audit/audit.js'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Schema } from '../database/schema.js'
import { setPassword } from '../passwords/credentials.js'
import type { Hasher } from '../passwords/hasher.js'
import { checkNewPassword } from '../passwords/password-rules.js'
import type { Role } from '../rights.js'
import { digestOf, isSecret } from '../secrets.js'
import { endSessions, type Session, type StartSession } from '../tokens/sessions.js'

/** What a person will prove an account with: a password, or the proof of an identity. */
export type NewCredential =
  | { readonly password: string; readonly identity?: undefined }
  | { readonly identity: string; readonly password?: undefined }

/** What is done with links. A link that is rejected for another reason than being used up can be used again. */
export interface Redemption {
  /**
   * Makes an account with an invitation, and starts a session. Without a link, the account is a member: open registration.
   *
   * @throws AccountsError `invalid-link`, `invalid-handle`, `handle-taken`, `identity-taken`, `weak-password`, `overloaded`
   */
  join(
    request: {
      readonly link: string | null
      readonly handle: string
      /** Whether the handle has another use, so that it counts as taken. Asked once the link is valid. */
      readonly isTaken?: ((handle: string) => Promise<boolean>) | undefined
    } & NewCredential,
  ): Promise<Session>
  /**
   * Replaces the password of an account, ends its sessions, and starts one. An identity takes the place of the password
   * and of earlier identities.
   *
   * @throws AccountsError `invalid-link`, `identity-taken`, `weak-password`, `overloaded`
   */
  reset(request: { readonly link: string } & NewCredential): Promise<Session>
}

const OPEN_ROLE: Role = 'member'

export function createRedemption(
  database: Database,
  { clock, hasher, startSession }: { clock: Clock; hasher: Hasher; startSession: StartSession },
): Redemption {
  const now = () => toTime(clock())

  /** Checks the credential, which takes time; the result stores it. */
  async function prepareCredential({ password, identity }: NewCredential) {
    if (identity !== undefined) {
      const proof = isSecret('identity', identity) ? digestOf(identity) : ''
      return (transaction: Transaction<Schema>, handle: string) =>
        linkIdentity(transaction, { proof, handle, now: now() })
    }
    await checkNewPassword(password)
    const hash = await hasher.hash(password)
    return (transaction: Transaction<Schema>, handle: string) =>
      setPassword(transaction, { handle, hash, changed_at: now() })
  }

  async function start(transaction: Transaction<Schema>, handle: string): Promise<Session> {
    const session = await startSession(transaction, handle)
    if (!session) throw invalidLink()
    return session
  }

  return {
    async join({ link, handle, isTaken, ...credential }) {
      const digest = link === null ? null : digestOfLink('join', link)
      // Found out before the password is hashed, and again when the link is used.
      const found = digest && (await database.read((queries) => findLink(queries, digest, now())))
      const role = found ? found.role : OPEN_ROLE
      if (role === null || (digest && !found)) throw invalidLink()
      const insert = await prepareAccount({ handle, kind: 'person', role, created_by: handle })
      if (await isTaken?.(handle)) throw handleTaken()
      const store = await prepareCredential(credential as NewCredential)
      return database.write(async (transaction) => {
        if (digest) await useLink(transaction, digest, now())
        await insert(transaction, clock())
        await store(transaction, handle)
        await recordAct(transaction, { actor: handle, action: 'account.join', detail: role }, clock())
        return start(transaction, handle)
      })
    },

    async reset({ link, ...credential }) {
      const digest = digestOfLink('reset', link)
      const found = await database.read((queries) => findLink(queries, digest, now()))
      if (!found?.handle) throw invalidLink()
      const { handle } = found
      const store = await prepareCredential(credential as NewCredential)
      return database.write(async (transaction) => {
        await useLink(transaction, digest, now())
        if (credential.identity !== undefined) await removeCredentials(transaction, handle)
        await store(transaction, handle)
        await endSessions(transaction, handle)
        return start(transaction, handle)
      })
    },
  }
}

const invalidLink = () => new AccountsError('invalid-link', 'the link is not valid any more')

function digestOfLink(kind: 'join' | 'reset', link: unknown): string {
  if (typeof link !== 'string') throw invalid('link must be text')
  if (!isSecret(kind, link)) throw invalidLink()
  return digestOf(link)
}

const findLink = (queries: Kysely<Schema>, digest: string, now: string) =>
  queries
    .selectFrom('links')
    .selectAll()
    .where('digest', '=', digest)
    .where('uses_left', '>', 0)
    .where('expires_at', '>', now)
    .executeTakeFirst()

/** Takes one use, or fails. A failure later in the transaction gives it back. */
async function useLink(transaction: Transaction<Schema>, digest: string, now: string): Promise<void> {
  const row = await transaction
    .updateTable('links')
    .set((expression) => ({ uses_left: expression('uses_left', '-', 1) }))
    .where('digest', '=', digest)
    .where('uses_left', '>', 0)
    .where('expires_at', '>', now)
    .returning('uses_left')
    .executeTakeFirst()
  if (!row) throw invalidLink()
  if (row.uses_left === 0) await transaction.deleteFrom('links').where('digest', '=', digest).execute()
}

async function linkIdentity(
  transaction: Transaction<Schema>,
  { proof, handle, now }: { proof: string; handle: string; now: string },
): Promise<void> {
  const found = await findLink(transaction, proof, now)
  if (!found?.issuer || !found.subject) throw invalidLink()
  await useLink(transaction, proof, now)
  const { issuer, subject } = found
  const row = await transaction
    .insertInto('identities')
    .values({ issuer, subject, handle, created_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .returning('handle')
    .executeTakeFirst()
  if (!row) throw new AccountsError('identity-taken', 'the identity belongs to another account')
}

async function removeCredentials(transaction: Transaction<Schema>, handle: string): Promise<void> {
  await transaction.deleteFrom('passwords').where('handle', '=', handle).execute()
  await transaction.deleteFrom('identities').where('handle', '=', handle).execute()
}
