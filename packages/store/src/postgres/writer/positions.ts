import { sql } from 'kysely'
import type { Writer } from '../../database/database.js'
import type { PostgresReader } from '../reader.js'
import { type Counters, createEpoch } from '../schema.js'

/** The positions of a transaction, which holds the counters. */
export function createPositions({ name }: PostgresReader, counters: Counters): Writer['positions'] {
  return {
    async latest() {
      return counters.position
    },
    async allocate(count) {
      counters.position += count
      return counters.position - count + 1
    },
    moving: (moved) => sql`
      with moved as (${moved}),
      removed as (delete from ${name('feed_order')} where position in (select former from moved)),
      ordered as (insert into ${name('feed_order')} (position, message_id) select latter, id from moved)
    `,
    async renewEpoch() {
      counters.epoch = createEpoch()
    },
  }
}
