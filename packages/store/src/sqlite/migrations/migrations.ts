import type { Migration } from 'kysely'
import { init } from './0001-init.js'
import { historyLost } from './0002-history-lost.js'
import { originId } from './0003-origin-id.js'
import { timestampById } from './0004-timestamp-by-id.js'
import { versionsOfMessages } from './0005-versions.js'
import { searchIndex } from './0006-search.js'
import { searchPairs } from './0007-search-pairs.js'
import { searchTail } from './0008-search-tail.js'
import { messagesByBlock } from './0009-messages-by-block.js'
import { senderAndTopic } from './0010-sender-and-topic.js'

/** All migrations by name, in order. Never edit or remove a released migration: add the next number. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001_init': init,
  '0002_history_lost': historyLost,
  '0003_origin_id': originId,
  '0004_timestamp_by_id': timestampById,
  '0005_versions': versionsOfMessages,
  '0006_search': searchIndex,
  '0007_search_pairs': searchPairs,
  '0008_search_tail': searchTail,
  '0009_messages_by_block': messagesByBlock,
  '0010_sender_and_topic': senderAndTopic,
}
