import type { Writer } from '../../database/database.js'
import type { PostgresReader } from '../reader.js'
import type { Counters } from '../schema.js'
import { createMessages } from './messages.js'
import { createOutbox } from './outbox.js'
import { createPositions } from './positions.js'

/** The changes of a transaction, which holds the counters. Rows are numbered and counted there. */
export function createWriter(reader: PostgresReader, counters: Counters): Writer {
  const positions = createPositions(reader, counters)
  return {
    ...reader,
    messages: createMessages(reader, counters, positions),
    versions: {
      allocate(count) {
        counters.version_number += count
        return counters.version_number - count + 1
      },
    },
    outbox: createOutbox(reader, counters),
    positions,
  }
}
