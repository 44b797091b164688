import { type Migration, sql } from 'kysely'
import { createInit } from './0001-init.js'
import { createSearchIndex } from './0002-search.js'
import { createTimeline } from './0003-timeline.js'
import { createMessagesByBlock } from './0004-messages-by-block.js'

/**
 * All migrations of a schema by name, in order. Never edit or remove a released migration: add the next number. They
 * only add, because servers of the version before go on until they are restarted.
 */
export function createMigrations(schema: string): Readonly<Record<string, Migration>> {
  const name = (table: string) => sql.id(schema, table)
  return {
    '0001_init': createInit(name),
    '0002_search': createSearchIndex(name),
    '0003_timeline': createTimeline(name),
    '0004_messages_by_block': createMessagesByBlock(name),
  }
}
