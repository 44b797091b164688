import type { Transaction } from 'kysely'
import { checkInteger, checkLimit, checkText } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../database/database.js'
import type { Schema } from '../database/schema.js'

/** Something that was done by right. */
export interface Act {
  /** Who did it: a handle, or another name such as `command line`. */
  readonly actor: string
  /** What was done, e.g. `account.disable`. */
  readonly action: string
  /** To what: a handle, or what names it otherwise. */
  readonly target?: string | undefined
  /** More about it. */
  readonly detail?: string | undefined
}

/** An act as the audit has it. */
export interface AuditEntry {
  /** Its place in the order of acts. */
  readonly number: number
  /** RFC 3339. */
  readonly at: string
  /** Who did it. */
  readonly actor: string
  /** What was done. */
  readonly action: string
  /** To what. */
  readonly target: string | null
  /** More about it. */
  readonly detail: string | null
}

/** What people with rights did. This package records what it does itself. */
export interface Audit {
  /** Records what the caller did elsewhere. */
  record(act: Act): Promise<void>
  /** Lists one page, newest first. `limit` is 1 to 1000, default: 50; `before` skips that number and later ones. */
  list(page?: { readonly limit?: number; readonly before?: number }): Promise<AuditEntry[]>
}

/** Older entries are deleted. */
const MAX_ENTRIES = 100_000
export const MAX_NAME_LENGTH = 200

export function createAudit(database: Database, clock: Clock): Audit {
  return {
    async record(act) {
      for (const [name, value] of Object.entries(act)) {
        if (value !== undefined) checkText(name, value, MAX_NAME_LENGTH)
      }
      await database.write((transaction) => recordAct(transaction, act, clock()))
    },
    async list({ limit = 50, before = Number.MAX_SAFE_INTEGER } = {}) {
      checkLimit(limit)
      checkInteger('before', before, { min: 0, max: Number.MAX_SAFE_INTEGER })
      return database.read((queries) =>
        queries
          .selectFrom('audit')
          .selectAll()
          .where('number', '<', before)
          .orderBy('number', 'desc')
          .limit(limit)
          .execute(),
      )
    },
  }
}

/** Records an act in the transaction that does it. */
export async function recordAct(
  transaction: Transaction<Schema>,
  { actor, action, target = null, detail = null }: { [Name in keyof Act]: Act[Name] | null },
  now: number,
): Promise<void> {
  const { number } = await transaction
    .insertInto('audit')
    .values({ at: toTime(now), actor: actor ?? '', action: action ?? '', target, detail })
    .returning('number')
    .executeTakeFirstOrThrow()
  await transaction
    .deleteFrom('audit')
    .where('number', '<=', number - MAX_ENTRIES)
    .execute()
}
