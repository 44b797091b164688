import { sql, type Transaction } from 'kysely'
import { readAccount } from '../accounts/account-row.js'
import { AccountsError } from '../accounts-error.js'
import { checkInteger, checkOneOf, checkText } from '../arguments.js'
import { MAX_NAME_LENGTH, recordAct } from '../audit/audit.js'
import { type Clock, DAY_MS, HOUR_MS, toTime } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Schema } from '../database/schema.js'
import type { Identity } from '../passwords/credentials.js'
import { ROLES, type Role } from '../rights.js'
import { createSecret, digestOf, type RandomBytes, type SecretKind } from '../secrets.js'

/** What a link grants, once. */
export interface CreatedLink {
  /** What the link has in its fragment. It is not stored, and cannot be read again. */
  readonly secret: string
  /** RFC 3339. */
  readonly expires_at: string
}

/** Links that are used up: invitations, new passwords, and proofs of an identity. */
export interface Links {
  /**
   * Creates an invitation, with which accounts can be made.
   *
   * @throws AccountsError `too-many`
   */
  invite(invitation: {
    /** Default: `member`. */
    readonly role?: Role | undefined
    /** How many accounts, 1 to 1000. Default: 1. */
    readonly uses?: number | undefined
    /** 1 to 365. Default: 7. */
    readonly days?: number | undefined
    readonly actor: string
  }): Promise<CreatedLink>
  /**
   * Creates a link with which a person chooses a new password; an earlier one of that account has no effect any more.
   *
   * @throws AccountsError `no-such-account`, `not-a-person`, `too-many`
   */
  createReset(
    handle: string,
    options: {
      readonly actor: string
      /** 1 to 168. Default: 1. */
      readonly hours?: number | undefined
    },
  ): Promise<CreatedLink>
  /**
   * Creates a proof of an identity that has no account, for ten minutes: it stands for a password where one joins or
   * resets.
   */
  proveIdentity(identity: Identity): Promise<CreatedLink>
}

const MAX_LINKS = 1_000
const MAX_USES = 1_000
const MAX_INVITATION_DAYS = 365
const MAX_RESET_HOURS = 168
/** As OpenID Connect has it for the subject. */
const MAX_SUBJECT_LENGTH = 255
const MAX_ISSUER_LENGTH = 2_000
const PROOF_MS = 10 * 60 * 1000

export function createLinks(
  database: Database,
  { clock, randomBytes }: { clock: Clock; randomBytes: RandomBytes },
): Links {
  function draft(kind: SecretKind, milliseconds: number, actor: string) {
    checkText('actor', actor, MAX_NAME_LENGTH)
    const secret = createSecret(kind, randomBytes)
    const now = clock()
    const expires_at = toTime(now + milliseconds)
    const shared = { digest: digestOf(secret), created_by: actor, created_at: toTime(now), expires_at }
    return { shared, link: { secret, expires_at } satisfies CreatedLink }
  }

  return {
    async invite({ role = 'member', uses = 1, days = 7, actor }) {
      checkOneOf('role', role, ROLES)
      checkInteger('uses', uses, { min: 1, max: MAX_USES })
      checkInteger('days', days, { min: 1, max: MAX_INVITATION_DAYS })
      const { shared, link } = draft('join', days * DAY_MS, actor)
      await database.write(async (transaction) => {
        await insertLink(transaction, { ...shared, kind: 'join', role, uses_left: uses })
        const detail = `${role}, ${uses} uses, ${days} days`
        await recordAct(transaction, { actor, action: 'invitation.create', detail }, clock())
      })
      return link
    },

    async createReset(handle, { actor, hours = 1 }) {
      checkInteger('hours', hours, { min: 1, max: MAX_RESET_HOURS })
      const { shared, link } = draft('reset', hours * HOUR_MS, actor)
      await database.write(async (transaction) => {
        const { kind } = await readAccount(transaction, handle)
        if (kind !== 'person') throw new AccountsError('not-a-person', 'a service has no password')
        await transaction.deleteFrom('links').where('handle', '=', handle).execute()
        await insertLink(transaction, { ...shared, kind: 'reset', handle, uses_left: 1 })
        await recordAct(transaction, { actor, action: 'account.reset', target: handle }, clock())
      })
      return link
    },

    async proveIdentity({ issuer, subject }) {
      checkText('issuer', issuer, MAX_ISSUER_LENGTH)
      checkText('subject', subject, MAX_SUBJECT_LENGTH)
      const { shared, link } = draft('identity', PROOF_MS, 'identity provider')
      await database.write(async (transaction) => {
        const same = transaction.deleteFrom('links').where('issuer', '=', issuer)
        await same.where('subject', '=', subject).execute()
        await insertLink(transaction, { ...shared, kind: 'identity', issuer, subject, uses_left: 1 })
      })
      return link
    },
  }
}

type NewLink = Pick<
  Schema['links'],
  'digest' | 'kind' | 'uses_left' | 'created_at' | 'created_by' | 'expires_at'
> &
  Partial<Schema['links']>

/** Deletes links that have ended, and stores another one. */
async function insertLink(transaction: Transaction<Schema>, link: NewLink): Promise<void> {
  await transaction.deleteFrom('links').where('expires_at', '<=', link.created_at).execute()
  const { count } = await transaction
    .selectFrom('links')
    .select(sql<number>`count(*)`.as('count'))
    .where('kind', '=', link.kind)
    .executeTakeFirstOrThrow()
  if (Number(count) >= MAX_LINKS) throw new AccountsError('too-many', 'there are too many links of this kind')
  await transaction.insertInto('links').values(link).execute()
}
