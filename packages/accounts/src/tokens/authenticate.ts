import { type Clock, HOUR_MS, toTime } from '../clock.js'
import type { Database } from '../database/database.js'
import { type AccountKind, narrowScopes, type Role, type Scope } from '../rights.js'
import { digestOf, isSecret } from '../secrets.js'
import { IDLE_SESSION_MS } from './sessions.js'

/** What a token proves and allows now. */
export interface Grant {
  /** The account. */
  readonly handle: string
  /** A person or a service. */
  readonly kind: AccountKind
  /** What the account may do at most. */
  readonly role: Role
  /** What the token allows, within the role. */
  readonly scopes: readonly Scope[]
  /** How many posts of the account were published, up to {@link SETTLED_POSTS}. */
  readonly posts: number
  /** The token. */
  readonly token: {
    /** Its number. */
    readonly id: number
    /** How it came about: by signing in, or by `tokens.create`. */
    readonly kind: 'session' | 'access'
    /** What its owner calls it. */
    readonly name: string
    /** The senders that a service may post as, see {@link matchesSender}; `null`: its handle only. */
    readonly sender: string | null
    /** The SHA-256 of the secret. */
    readonly digest: string
  }
}

/** Recognizes tokens. */
export interface Authentication {
  /**
   * What the token with this secret allows; `null` if there is none, it has ended, or its account is disabled. Takes a
   * few microseconds for a token that was seen since the last write. On PostgreSQL, what another process has written
   * counts after at most half a second.
   */
  authenticate(secret: string): Promise<Grant | null>
  /** The same for a token that was recognized earlier, by its digest. */
  renew(digest: string): Promise<Grant | null>
}

/** When a token was used is stored this exactly: a write for each request would cost more than the request. */
const USED_AT_STEP_MS = HOUR_MS
const MAX_CACHED = 10_000

interface Recognized {
  readonly grant: Grant
  readonly endsAt: number
  readonly touchAt: number
}

export function createAuthentication(database: Database, clock: Clock): Authentication {
  const cache = new Map<string, Recognized>()
  let cachedRevision = ''
  const query = database.queries
    .selectFrom('tokens')
    .innerJoin('accounts', 'accounts.handle', 'tokens.handle')
    .select(['tokens.id', 'tokens.kind', 'tokens.name', 'scopes', 'sender', 'used_at', 'expires_at'])
    .select(['accounts.handle', 'accounts.kind as account_kind', 'role', 'posts'])
    .where('digest', '=', '')
    .where('disabled_at', 'is', null)
    .compile()

  async function read(digest: string): Promise<Recognized | null> {
    const [row] = await database.select(query, [digest])
    if (!row) return null
    const { id, kind, name, sender, handle, role, posts } = row
    const scopes = narrowScopes(row.scopes.split(',') as Scope[], role)
    const usedAt = Date.parse(row.used_at)
    const endsAt = Date.parse(row.expires_at)
    return {
      grant: {
        ...{ handle, kind: row.account_kind, role, scopes, posts },
        token: { id, kind, name, sender, digest },
      },
      endsAt: kind === 'session' ? Math.min(endsAt, usedAt + IDLE_SESSION_MS) : endsAt,
      touchAt: usedAt + USED_AT_STEP_MS,
    }
  }

  async function touch(id: number, now: number): Promise<void> {
    const write = database.write((transaction) =>
      transaction
        .updateTable('tokens')
        .set({ used_at: toTime(now) })
        .where('id', '=', id)
        .execute(),
    )
    // Reading must go on while the disk cannot be written.
    await write.catch(() => {})
  }

  async function renew(digest: string): Promise<Grant | null> {
    const revision = await database.revision()
    if (revision !== cachedRevision) cache.clear()
    cachedRevision = revision
    const known = cache.get(digest) ?? (await read(digest))
    const now = clock()
    if (!known || now >= known.endsAt) return null
    if (now >= known.touchAt) await touch(known.grant.token.id, now)
    else if (cachedRevision === revision && cache.size < MAX_CACHED) cache.set(digest, known)
    return known.grant
  }

  return {
    renew,
    async authenticate(secret) {
      if (!isSecret('access', secret) && !isSecret('session', secret)) return null
      return renew(digestOf(secret))
    },
  }
}
