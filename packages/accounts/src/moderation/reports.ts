import { sql } from 'kysely'
import { AccountsError } from '../accounts-error.js'
import { checkInteger, checkLimit, checkText } from '../arguments.js'
import { recordAct } from '../audit/audit.js'
import { type Clock, toTime } from '../clock.js'
import type { Database } from '../database/database.js'

/** What an account reports to the moderators. */
export interface Report {
  /** Its number, in the order of reporting. */
  readonly id: number
  /** What is reported, e.g. the uid of a message. */
  readonly subject: string
  /** Who reports it. */
  readonly handle: string
  /** Why, in the reporter's words. */
  readonly reason: string | null
  /** RFC 3339. */
  readonly created_at: string
}

/** Reports that no moderator has closed. */
export interface Reports {
  /**
   * Adds a report. An account reports a subject once: again, it is the first report.
   *
   * @throws AccountsError `too-many` if 20 of the account or 1,000 of all are open
   */
  add(report: {
    readonly subject: string
    readonly handle: string
    /** 1 to 500 characters. */
    readonly reason?: string | undefined
  }): Promise<Report>
  /** Lists one page, oldest first. `limit` is 1 to 1000, default: 50; `after` is the last id of the page before. */
  list(page?: { readonly limit?: number; readonly after?: number }): Promise<Report[]>
  /** Deletes a report; resolves with whether there was one. */
  close(id: number, actor: string): Promise<boolean>
}

const MAX_REPORTS = 1_000
const MAX_REPORTS_OF_ACCOUNT = 20
const MAX_REASON_LENGTH = 500
const MAX_SUBJECT_LENGTH = 200

export function createReports(database: Database, clock: Clock): Reports {
  return {
    async add({ subject, handle, reason = null }) {
      checkText('subject', subject, MAX_SUBJECT_LENGTH)
      if (reason !== null) checkText('reason', reason, MAX_REASON_LENGTH)
      return database.write(async (transaction) => {
        const earlier = await transaction
          .selectFrom('reports')
          .selectAll()
          .where('subject', '=', subject)
          .where('handle', '=', handle)
          .executeTakeFirst()
        if (earlier) return earlier
        const { all, own } = await transaction
          .selectFrom('reports')
          .select([
            sql<number>`count(*)`.as('all'),
            sql<number>`count(*) filter (where handle = ${handle})`.as('own'),
          ])
          .executeTakeFirstOrThrow()
        if (Number(own) >= MAX_REPORTS_OF_ACCOUNT || Number(all) >= MAX_REPORTS) {
          throw new AccountsError('too-many', 'too many reports are open')
        }
        return transaction
          .insertInto('reports')
          .values({ subject, handle, reason, created_at: toTime(clock()) })
          .returningAll()
          .executeTakeFirstOrThrow()
      })
    },

    async list({ limit = 50, after = 0 } = {}) {
      checkLimit(limit)
      checkInteger('after', after, { min: 0, max: Number.MAX_SAFE_INTEGER })
      return database.read((queries) =>
        queries
          .selectFrom('reports')
          .selectAll()
          .where('id', '>', after)
          .orderBy('id')
          .limit(limit)
          .execute(),
      )
    },

    close: (id, actor) =>
      database.write(async (transaction) => {
        const row = await transaction
          .deleteFrom('reports')
          .where('id', '=', id)
          .returning('subject')
          .executeTakeFirst()
        if (!row) return false
        await recordAct(transaction, { actor, action: 'report.close', target: row.subject }, clock())
        return true
      }),
  }
}
