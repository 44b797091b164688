import { type Migration, sql } from 'kysely'
import { createInit } from './0001-init.js'
import { createSearchIndex } from './0002-search.js'
import { createTimeline } from './0003-timeline.js'
import { createMessagesByBlock } from './0004-messages-by-block.js'
import { createSenderAndTopic } from './0005-sender-and-topic.js'
import { createSearchPairs } from './0006-search-pairs.js'

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
    '0005_sender_and_topic': createSenderAndTopic(name),
    '0006_search_pairs': createSearchPairs(name),
  }
}
