import type { Kysely, Selectable } from 'kysely'
import { AccountsError } from '../accounts-error.js'
import { isHandle } from '../arguments.js'
import type { Schema } from '../database/schema.js'
import type { AccountKind, Role } from '../rights.js'

/** Who signs in: a person, or a service that only has tokens. */
export interface Account {
  /** `[a-z0-9][a-z0-9._-]{0,31}`; never changed and never given out again. */
  readonly handle: string
  /** A person or a service. */
  readonly kind: AccountKind
  /** What it may do at most. */
  readonly role: Role
  /** Whether all its tokens are rejected. */
  readonly disabled: boolean
  /** RFC 3339. */
  readonly created_at: string
  /** Who created it, as in the audit. */
  readonly created_by: string
}

/** From this number on, how many posts of an account were published makes no difference any more. */
export const SETTLED_POSTS = 10

export function toAccount(row: Selectable<Schema['accounts']>): Account {
  const { handle, kind, role, disabled_at, created_at, created_by } = row
  return { handle, kind, role, disabled: disabled_at !== null, created_at, created_by }
}

/** @throws AccountsError `no-such-account` */
export async function readAccount(
  queries: Kysely<Schema>,
  handle: string,
): Promise<Selectable<Schema['accounts']>> {
  const query = queries.selectFrom('accounts').selectAll().where('handle', '=', handle)
  const row = isHandle(handle) ? await query.executeTakeFirst() : undefined
  if (!row) throw new AccountsError('no-such-account', 'no account has this handle')
  return row
}
