import { sql } from 'kysely'
import type { Writer } from '../../database/database.js'
import type { PostgresReader } from '../reader.js'
import type { Counters } from '../schema.js'

/** The changes of a transaction to the outbox. They are counted by the statements that make them. */
export function createOutbox({ queries, name }: PostgresReader, counters: Counters): Writer['outbox'] {
  return {
    async insert(changes, { count, createdAt }) {
      const { numAffectedRows = 0n } = await sql`
        insert into ${name('outbox')} (sequence, message_id, version, rank, created_at)
        select ${counters.sequence + 1}::bigint + place, message_id, version, rank, ${createdAt}
        from ${changes} as changes order by place on conflict do nothing
      `.execute(queries)
      counters.sequence += count
      counters.pending += Number(numAffectedRows)
      return Number(numAffectedRows)
    },
    async delete(condition) {
      const { rows } = await sql<{ total: number; quarantined: number }>`
        with deleted as (delete from ${name('outbox')} where ${condition} returning quarantined_at)
        select count(*) as total, count(quarantined_at) as quarantined from deleted
      `.execute(queries)
      const { total = 0, quarantined = 0 } = rows[0] ?? {}
      counters.pending -= total - quarantined
      counters.quarantined -= quarantined
    },
    async quarantine(condition, quarantine) {
      const { rows } = await sql<{ total: number; quarantined: number }>`
        with former as (select sequence, quarantined_at from ${name('outbox')} where ${condition}),
        changed as (
          update ${name('outbox')} as outbox
          set quarantined_at = ${quarantine?.at ?? null}, quarantine_reason = ${quarantine?.reason ?? null}
          from former where outbox.sequence = former.sequence returning former.quarantined_at
        )
        select count(*) as total, count(quarantined_at) as quarantined from changed
      `.execute(queries)
      const { total = 0, quarantined = 0 } = rows[0] ?? {}
      const moved = quarantine ? total - quarantined : -quarantined
      counters.pending -= moved
      counters.quarantined += moved
      return total
    },
    async countPending() {
      return counters.pending
    },
  }
}
