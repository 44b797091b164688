import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import { countPost } from '../accounts/accounts-table.js'
import { AccountsError } from '../accounts-error.js'
import { checkInteger, checkLimit, checkText } from '../arguments.js'
import { recordAct } from '../audit/audit.js'
import { type Clock, DAY_MS, toTime } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Schema } from '../database/schema.js'

/** A post that waits for a moderator. */
export interface HeldPost {
  /** Its number, in the order of posting. */
  readonly id: number
  /** Whose it is. */
  readonly handle: string
  /** What was posted, in the caller's encoding. */
  readonly post: string
  /** What the message will be called once it is published: approving it twice publishes it once. */
  readonly uid: string
  /** The key that it was posted with. */
  readonly key: string | null
  /** Why it is held. */
  readonly reason: string
  /** RFC 3339. */
  readonly held_at: string
  /** Who began to approve it; `null`: no one yet. */
  readonly decided_by: string | null
}

/** A post to hold. */
export interface NewHeldPost extends Pick<HeldPost, 'handle' | 'post' | 'uid' | 'reason'> {
  /** A repeated post with the same key and fingerprint is the first one again. */
  readonly idempotency?: { readonly key: string; readonly fingerprint: string } | undefined
}

/**
 * Posts that wait for a moderator: they are not messages yet. Approving takes two steps, so that a crash in between
 * leaves a post that {@link HeldPosts.listApproving} finds: its message is published, and {@link HeldPosts.approved}
 * called, again.
 */
export interface HeldPosts {
  /**
   * Holds a post. `created` is false if it is held, or was decided in the last 24 hours, already.
   *
   * @throws AccountsError `too-many` if 20 of the account or 1,000 of all wait, `idempotency-key-reused`
   */
  hold(post: NewHeldPost): Promise<{ readonly id: number; readonly created: boolean }>
  /** Finds the post that an account made with a key in the last 24 hours, held or decided. */
  findByKey(
    handle: string,
    key: string,
  ): Promise<{ readonly id: number; readonly fingerprint: string } | null>
  /** Lists one page, oldest first. `limit` is 1 to 1000, default: 50; `after` is the last id of the page before. */
  list(page?: { readonly limit?: number; readonly after?: number }): Promise<HeldPost[]>
  /** Begins to approve a post; `null` if none with this id waits. It can no longer be rejected. */
  approve(id: number, actor: string): Promise<HeldPost | null>
  /** The posts whose approval has begun and not ended. */
  listApproving(): Promise<HeldPost[]>
  /** Ends an approval, even one that was taken back: the message is published. Erases the text. */
  approved(post: Pick<HeldPost, 'id' | 'decided_by'>): Promise<void>
  /** Takes an approval back, because the post cannot be published now. Another server may be publishing it. */
  notApproved(id: number): Promise<void>
  /** Rejects a post and erases its text; resolves with whether one with this id waited. */
  reject(id: number, actor: string): Promise<boolean>
}

const MAX_HELD = 1_000
const MAX_HELD_OF_ACCOUNT = 20
/** Posts that no moderator has decided about are deleted after this time. */
const MAX_HELD_MS = 30 * DAY_MS
/** Keys of decided posts are kept for this time. */
const RETENTION_MS = DAY_MS
const MAX_REASON_LENGTH = 200

export function createHeldPosts(database: Database, clock: Clock): HeldPosts {
  return {
    async hold({ handle, post, uid, reason, idempotency }) {
      checkText('post', post, Number.MAX_SAFE_INTEGER)
      checkText('reason', reason, MAX_REASON_LENGTH)
      const { key = null, fingerprint = '' } = idempotency ?? {}
      return database.write(async (transaction) => {
        await deleteOld(transaction, clock())
        const earlier = key === null ? undefined : await findByKey(transaction, handle, key)
        if (earlier) {
          if (earlier.fingerprint === fingerprint) return { id: earlier.id, created: false }
          throw new AccountsError('idempotency-key-reused', 'the key was used for another post')
        }
        await assertRoom(transaction, handle)
        const { id } = await transaction
          .insertInto('held')
          .values({ handle, post, uid, fingerprint, key, reason, state: 'held', held_at: toTime(clock()) })
          .returning('id')
          .executeTakeFirstOrThrow()
        return { id, created: true }
      })
    },

    async findByKey(handle, key) {
      return (await database.read((queries) => findByKey(queries, handle, key))) ?? null
    },

    async list({ limit = 50, after = 0 } = {}) {
      checkLimit(limit)
      checkInteger('after', after, { min: 0, max: Number.MAX_SAFE_INTEGER })
      const rows = await database.read((queries) =>
        waiting(queries).where('id', '>', after).orderBy('id').limit(limit).execute(),
      )
      return rows.flatMap(toHeldPost)
    },

    approve: (id, actor) =>
      database.write(async (transaction) => {
        await transaction
          .updateTable('held')
          .set({ state: 'approving', decided_by: actor })
          .where('id', '=', id)
          .where('state', '=', 'held')
          .execute()
        const row = await waiting(transaction).where('id', '=', id).executeTakeFirst()
        return row ? (toHeldPost(row)[0] ?? null) : null
      }),

    async listApproving() {
      const rows = await database.read((queries) =>
        waiting(queries).where('state', '=', 'approving').orderBy('id').execute(),
      )
      return rows.flatMap(toHeldPost)
    },

    approved: ({ id, decided_by: actor }) =>
      database.write(async (transaction) => {
        const from = ['approving', 'held', 'rejected'] as const
        const row = await decide(transaction, { id, from, to: 'approved', now: clock() })
        if (!row) return
        await countPost(transaction, row.handle)
        const act = { actor, action: 'post.approve', target: row.handle, detail: row.uid }
        await recordAct(transaction, act, clock())
      }),

    async notApproved(id) {
      await database.write((transaction) =>
        transaction
          .updateTable('held')
          .set({ state: 'held', decided_by: null })
          .where('id', '=', id)
          .where('state', '=', 'approving')
          .execute(),
      )
    },

    reject: (id, actor) =>
      database.write(async (transaction) => {
        const row = await decide(transaction, { id, from: ['held'], to: 'rejected', now: clock() })
        if (!row) return false
        await transaction.updateTable('held').set({ decided_by: actor }).where('id', '=', id).execute()
        const act = { actor, action: 'post.reject', target: row.handle, detail: String(id) }
        await recordAct(transaction, act, clock())
        return true
      }),
  }
}

type State = Schema['held']['state']

const waiting = (queries: Kysely<Schema>) =>
  queries.selectFrom('held').selectAll().where('post', 'is not', null)

const findByKey = (queries: Kysely<Schema>, handle: string, key: string) =>
  queries
    .selectFrom('held')
    .select(['id', 'fingerprint'])
    .where('handle', '=', handle)
    .where('key', '=', key)
    .executeTakeFirst()

function toHeldPost(row: Selectable<Schema['held']>): HeldPost[] {
  const { id, handle, post, uid, key, reason, held_at, decided_by } = row
  return post === null ? [] : [{ id, handle, post, uid, key, reason, held_at, decided_by }]
}

async function decide(
  transaction: Transaction<Schema>,
  { id, from, to, now }: { id: number; from: readonly State[]; to: State; now: number },
) {
  return transaction
    .updateTable('held')
    .set({ state: to, post: null, decided_at: toTime(now) })
    .where('id', '=', id)
    .where('state', 'in', from)
    .returning(['handle', 'uid'])
    .executeTakeFirst()
}

async function deleteOld(transaction: Transaction<Schema>, now: number): Promise<void> {
  await transaction
    .deleteFrom('held')
    .where('decided_at', '<=', toTime(now - RETENTION_MS))
    .execute()
  const forgotten = transaction.deleteFrom('held').where('state', '=', 'held')
  await forgotten.where('held_at', '<=', toTime(now - MAX_HELD_MS)).execute()
}

async function assertRoom(transaction: Transaction<Schema>, handle: string): Promise<void> {
  const { all, own } = await transaction
    .selectFrom('held')
    .select([
      sql<number>`count(*)`.as('all'),
      sql<number>`count(*) filter (where handle = ${handle})`.as('own'),
    ])
    .where('post', 'is not', null)
    .executeTakeFirstOrThrow()
  if (Number(own) < MAX_HELD_OF_ACCOUNT && Number(all) < MAX_HELD) return
  throw new AccountsError('too-many', 'too many posts wait for a moderator')
}
