import { checkName, checkNumber, checkRecordedVersion } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database, Writer } from '../database/database.js'
import type { Store } from '../store.js'
import type { Settlement } from '../synchronization.js'
import { moveCursor } from './cursor.js'
import { markPublished } from './mark-published.js'
import { recordVersions } from './record-versions.js'

/** @see {@link Store.settle} */
export function createSettle(database: Database, clock: Clock): Store['settle'] {
  return async (settlement, options) => {
    checkSettlement(settlement)
    const { published = [], recorded = [], cursor } = settlement
    return database.write(async (writer) => {
      const first = await writer.positions.allocate(published.length)
      const placed = published.map((version, index) => ({ ...version, position: first + index }))
      const isSynchronized = await markPublished(writer, placed)
      const outcomes = await recordVersions(writer, recorded)
      if (isSynchronized || outcomes.includes('settled')) {
        await writer.queries
          .updateTable('cursor')
          .set({ last_synchronized_at: toTime(clock()) })
          .execute()
      }
      await moveCursor(writer, cursor)
      await clearHistoryLossIfComplete(writer)
      return outcomes
    }, options)
  }
}

function checkSettlement({ published = [], recorded = [], cursor }: Settlement): void {
  for (const { uid, version, git_hash } of published) {
    checkName('uid', uid)
    checkNumber('version', version)
    checkName('git_hash', git_hash)
  }
  for (const version of recorded) checkRecordedVersion(version)
  if (cursor.commit !== null) checkName('cursor.commit', cursor.commit)
  if (cursor.format !== null) checkNumber('cursor.format', cursor.format)
}

/** When nothing is pending, all messages that were lost are in the repository again. */
async function clearHistoryLossIfComplete({ queries, outbox }: Writer): Promise<void> {
  if ((await outbox.countPending()) > 0) return
  await queries
    .updateTable('cursor')
    .set({ history_lost_at: null })
    .where('history_lost_at', 'is not', null)
    .execute()
}
