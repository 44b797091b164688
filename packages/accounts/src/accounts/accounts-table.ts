import { type Kysely, sql, type Transaction } from 'kysely'
import { AccountsError } from '../accounts-error.js'
import { checkHandle, checkLimit, checkOneOf, checkText, isHandle } from '../arguments.js'
import { MAX_NAME_LENGTH, recordAct } from '../audit/audit.js'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Schema } from '../database/schema.js'
import { ACCOUNT_KINDS, type AccountKind, ROLES, type Role } from '../rights.js'
import { endSessions } from '../tokens/sessions.js'
import { type Account, readAccount, SETTLED_POSTS, toAccount } from './account-row.js'
import { skeletonsOf } from './look-alikes.js'

/** An account to create. */
export interface NewAccount {
  /** `[a-z0-9][a-z0-9._-]{0,31}`. */
  readonly handle: string
  /** Default: `person`. */
  readonly kind?: AccountKind | undefined
  /** Default: `member`. */
  readonly role?: Role | undefined
  /** Who creates it, for the audit. */
  readonly actor: string
}

/** What is changed about an account. */
export interface AccountChanges {
  /** What the account may do from now on. */
  readonly role?: Role | undefined
  /** Disabling an account rejects its tokens at once, and ends its sessions. */
  readonly disabled?: boolean | undefined
  /** Who changes it, for the audit. */
  readonly actor: string
}

/** The accounts themselves. */
export interface AccountsTable {
  /**
   * Creates an account that cannot sign in yet: a reset link gives it a password.
   *
   * @throws AccountsError `invalid-handle`, `handle-taken`
   */
  create(account: NewAccount): Promise<Account>
  /** Finds an account by its handle; `null` if there is none. */
  find(handle: string): Promise<Account | null>
  /** Lists one page by handle. `limit` is 1 to 1000, default: 50; `after` is the last handle of the page before. */
  list(page?: { readonly limit?: number; readonly after?: string }): Promise<Account[]>
  /**
   * Gives an account another role, disables or enables it. The links of an admin who is none any more have no effect.
   *
   * @throws AccountsError `no-such-account`, `last-admin`
   */
  change(handle: string, changes: AccountChanges): Promise<Account>
  /** Whether an admin is there who is not disabled. */
  hasAdmin(): Promise<boolean>
  /** Whether a name could be mistaken for a handle: equal after Unicode's confusables and case are folded. */
  isLookAlike(name: string): Promise<boolean>
  /** Counts a post that was published without a moderator. */
  countPost(handle: string): Promise<void>
}

export function createAccountsTable(database: Database, clock: Clock): AccountsTable {
  return {
    async create({ handle, kind = 'person', role = 'member', actor }) {
      checkOneOf('kind', kind, ACCOUNT_KINDS)
      checkText('actor', actor, MAX_NAME_LENGTH)
      const insert = await prepareAccount({ handle, kind, role, created_by: actor })
      return database.write(async (transaction) => {
        const account = await insert(transaction, clock())
        await recordAct(
          transaction,
          { actor, action: 'account.create', target: handle, detail: role },
          clock(),
        )
        return account
      })
    },

    async find(handle) {
      if (!isHandle(handle)) return null
      const row = await database.read((queries) =>
        queries.selectFrom('accounts').selectAll().where('handle', '=', handle).executeTakeFirst(),
      )
      return row ? toAccount(row) : null
    },

    async list({ limit = 50, after = '' } = {}) {
      checkLimit(limit)
      const rows = await database.read((queries) =>
        queries
          .selectFrom('accounts')
          .selectAll()
          // PostgreSQL stores no NUL; no handle is between the text before it and the text with it.
          .where('handle', '>', after.replace(/\0.*$/s, ''))
          .orderBy('handle')
          .limit(limit)
          .execute(),
      )
      return rows.map(toAccount)
    },

    change: (handle, changes) =>
      database.write((transaction) => changeAccount(transaction, { handle, ...changes }, clock())),

    hasAdmin: () => database.read(hasAdmin),

    async isLookAlike(name) {
      if (name.includes('\0')) return false
      const skeletons = await skeletonsOf(name)
      const row = await database.read((queries) =>
        queries.selectFrom('accounts').select('handle').where('skeleton', 'in', skeletons).executeTakeFirst(),
      )
      return row !== undefined
    },

    async countPost(handle) {
      await database.write((transaction) => countPost(transaction, handle))
    },
  }
}

export const handleTaken = () =>
  new AccountsError('handle-taken', 'the handle, or one that looks like it, is taken')

/** Checks an account to create; the result stores it. */
export async function prepareAccount(
  account: Pick<Schema['accounts'], 'handle' | 'kind' | 'role' | 'created_by'>,
): Promise<(transaction: Transaction<Schema>, now: number) => Promise<Account>> {
  checkHandle(account.handle)
  checkOneOf('role', account.role, ROLES)
  const [skeleton = ''] = await skeletonsOf(account.handle)
  return async function insert(transaction, now) {
    const row = await transaction
      .insertInto('accounts')
      .values({ ...account, skeleton, created_at: toTime(now) })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst()
    if (!row) throw handleTaken()
    return toAccount(row)
  }
}

async function changeAccount(
  transaction: Transaction<Schema>,
  { handle, role, disabled, actor }: AccountChanges & { handle: string },
  now: number,
): Promise<Account> {
  if (role !== undefined) checkOneOf('role', role, ROLES)
  checkText('actor', actor, MAX_NAME_LENGTH)
  const before = await readAccount(transaction, handle)
  if (role !== undefined && role !== before.role) {
    await transaction.updateTable('accounts').set({ role }).where('handle', '=', handle).execute()
    await recordAct(transaction, { actor, action: 'account.role', target: handle, detail: role }, now)
  }
  if (disabled !== undefined && disabled !== (before.disabled_at !== null)) {
    const disabled_at = disabled ? toTime(now) : null
    await transaction.updateTable('accounts').set({ disabled_at }).where('handle', '=', handle).execute()
    if (disabled) await endSessions(transaction, handle)
    const action = disabled ? 'account.disable' : 'account.enable'
    await recordAct(transaction, { actor, action, target: handle }, now)
  }
  const after = await readAccount(transaction, handle)
  if (isAdmin(before) && !isAdmin(after)) {
    if (!(await hasAdmin(transaction))) throw new AccountsError('last-admin', 'the last admin must stay one')
    // Otherwise an invitation could bring back the rights that were taken away.
    await transaction.deleteFrom('links').where('created_by', '=', handle).execute()
  }
  return toAccount(after)
}

const isAdmin = ({ role, disabled_at }: Pick<Schema['accounts'], 'role' | 'disabled_at'>): boolean =>
  role === 'admin' && disabled_at === null

async function hasAdmin(queries: Kysely<Schema>): Promise<boolean> {
  const row = await queries
    .selectFrom('accounts')
    .select('handle')
    .where('role', '=', sql.lit('admin'))
    .where('disabled_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Counts a published post, as far as the number makes a difference. */
export async function countPost(transaction: Transaction<Schema>, handle: string): Promise<void> {
  await transaction
    .updateTable('accounts')
    .set((expression) => ({ posts: expression('posts', '+', 1) }))
    .where('handle', '=', handle)
    .where('posts', '<', SETTLED_POSTS)
    .execute()
}
