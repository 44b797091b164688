import { type Selectable, sql } from 'kysely'
import { readAccount } from '../accounts/account-row.js'
import { AccountsError } from '../accounts-error.js'
import { checkInteger, checkLimit, checkOneOf, checkText, invalid, isHandle } from '../arguments.js'
import { recordAct } from '../audit/audit.js'
import { type Clock, DAY_MS, toTime } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Schema } from '../database/schema.js'
import { narrowScopes, type Role, SCOPES, type Scope } from '../rights.js'
import { createSecret, digestOf, type RandomBytes } from '../secrets.js'

/** A token, without its secret, which is not stored. */
export interface Token {
  /** Its number. */
  readonly id: number
  /** The account it belongs to. */
  readonly handle: string
  /** How it came about: by signing in, or by `tokens.create`. */
  readonly kind: 'session' | 'access'
  /** What its owner calls it. */
  readonly name: string
  /** What it allows, within the role of its account. */
  readonly scopes: readonly Scope[]
  /** The senders that it may post as: one, or a beginning and `*`; `null`: the handle. */
  readonly sender: string | null
  /** RFC 3339. */
  readonly created_at: string
  /** When it was last used, to the hour, RFC 3339. */
  readonly used_at: string
  /** When it ends, RFC 3339. */
  readonly expires_at: string
}

/** A token to create. */
export interface NewToken {
  /** The account it belongs to. */
  readonly handle: string
  /** 1 to 64 characters. */
  readonly name: string
  /** What it allows, within the role of its account. At least one. */
  readonly scopes: readonly Scope[]
  /** When it ends: 1 to 3650. */
  readonly days: number
  /** Only for a service. */
  readonly sender?: string | undefined
  /** Who creates it, for the audit. */
  readonly actor: string
}

/** Tokens and sessions. */
export interface Tokens {
  /**
   * Creates an access token. Only this result has its secret.
   *
   * @throws AccountsError `no-such-account`, `not-a-service` if it has a `sender`, `too-many` if the account has 100
   */
  create(token: NewToken): Promise<Token & { readonly token: string }>
  /** Lists one page, newest first, of an account or of all. `limit` is 1 to 1000, default: 50. */
  list(page?: {
    readonly handle?: string | undefined
    readonly limit?: number
    readonly before?: number
  }): Promise<Token[]>
  /** Revokes a token; `handle`: only if it belongs to that account. Resolves with whether there was one. */
  revoke(id: number, by: { readonly handle?: string | undefined; readonly actor: string }): Promise<boolean>
}

const MAX_ACCESS_TOKENS = 100
const MAX_DAYS = 3650
const MAX_NAME_LENGTH = 64

export function createTokens(
  database: Database,
  { clock, randomBytes }: { clock: Clock; randomBytes: RandomBytes },
): Tokens {
  return {
    async create({ handle, name, scopes, days, sender = null, actor }) {
      checkText('name', name, MAX_NAME_LENGTH)
      checkInteger('days', days, { min: 1, max: MAX_DAYS })
      if (sender !== null) checkText('sender', sender, MAX_NAME_LENGTH)
      if (!Array.isArray(scopes) || scopes.length === 0) throw invalid('scopes must not be empty')
      for (const scope of scopes) checkOneOf('scopes', scope, SCOPES)
      const secret = createSecret('access', randomBytes)
      const now = clock()
      const created_at = toTime(now)
      return database.write(async (transaction) => {
        const { kind, role } = await readAccount(transaction, handle)
        if (sender !== null && kind !== 'service') {
          throw new AccountsError('not-a-service', 'only a service may post under other names')
        }
        const { count } = await transaction
          .selectFrom('tokens')
          .select(sql<number>`count(*)`.as('count'))
          .where('handle', '=', handle)
          .where('kind', '=', 'access')
          .where('expires_at', '>', created_at)
          .executeTakeFirstOrThrow()
        if (Number(count) >= MAX_ACCESS_TOKENS) {
          throw new AccountsError('too-many', `an account has at most ${MAX_ACCESS_TOKENS} access tokens`)
        }
        const row = await transaction
          .insertInto('tokens')
          .values({
            ...{ digest: digestOf(secret), handle, kind: 'access', name, sender },
            scopes: SCOPES.filter((scope) => scopes.includes(scope)).join(','),
            ...{ created_at, used_at: created_at, expires_at: toTime(now + days * DAY_MS) },
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        const act = { actor, action: 'token.create', target: handle, detail: name }
        if (actor !== handle) await recordAct(transaction, act, now)
        return { ...toToken({ ...row, role }), token: secret }
      })
    },

    async list({ handle, limit = 50, before = Number.MAX_SAFE_INTEGER } = {}) {
      checkLimit(limit)
      checkInteger('before', before, { min: 0, max: Number.MAX_SAFE_INTEGER })
      if (handle !== undefined && !isHandle(handle)) return []
      const rows = await database.read((queries) =>
        queries
          .selectFrom('tokens')
          .innerJoin('accounts', 'accounts.handle', 'tokens.handle')
          .selectAll('tokens')
          .select('accounts.role')
          .where('id', '<', before)
          .where('expires_at', '>', toTime(clock()))
          .$if(handle !== undefined, (query) => query.where('tokens.handle', '=', handle ?? ''))
          .orderBy('id', 'desc')
          .limit(limit)
          .execute(),
      )
      return rows.map(toToken)
    },

    async revoke(id, { handle, actor }) {
      checkInteger('id', id, { min: 0, max: Number.MAX_SAFE_INTEGER })
      return database.write(async (transaction) => {
        const row = await transaction
          .deleteFrom('tokens')
          .where('id', '=', id)
          .$if(handle !== undefined, (query) => query.where('handle', '=', handle ?? ''))
          .returningAll()
          .executeTakeFirst()
        if (!row) return false
        const act = { actor, action: 'token.revoke', target: row.handle, detail: row.name }
        if (actor !== row.handle) await recordAct(transaction, act, clock())
        return true
      })
    },
  }
}

function toToken(row: Selectable<Schema['tokens']> & { readonly role: Role }): Token {
  const { id, handle, kind, name, sender, created_at, used_at, expires_at } = row
  const scopes = narrowScopes(row.scopes.split(',') as Scope[], row.role)
  return { id, handle, kind, name, scopes, sender, created_at, used_at, expires_at }
}
