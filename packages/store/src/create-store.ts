import type { Clock } from './clock.js'
import type { Database } from './database/database.js'
import { createGate } from './gate.js'
import { createChangeWriter } from './messages/change.js'
import { createMessageWriter } from './messages/create.js'
import { createFindMessage, createFindMessages } from './messages/find.js'
import { createListMessages, type ListLimits } from './messages/list.js'
import { createChangedSince, createCountChangedSince } from './messages/positions.js'
import { createFindReactions } from './messages/replies.js'
import { createFindEarlierTopics, createListTopics } from './messages/topics.js'
import { createFindVersions, createListVersions, createScanVersions } from './messages/versions.js'
import { createCursorReader, createSummary } from './outbox/cursor.js'
import { createEraseTraces } from './outbox/erase-traces.js'
import { createOldestChanges } from './outbox/oldest-changes.js'
import {
  createQuarantine,
  createQuarantinedChanges,
  createQuarantineReason,
  createRetryQuarantined,
} from './outbox/quarantine.js'
import { createMarkPending, createResetSynchronization } from './outbox/reset.js'
import { createSettle } from './outbox/settle.js'
import type { Store } from './store.js'
import type { StoreError } from './store-error.js'

/** What the engines have their own of. */
interface StoreParts {
  readonly clock: Clock
  /** Translates what the database throws. */
  readonly toStoreError: (error: unknown) => StoreError
  /** Default: those of an engine in this process. */
  readonly listLimits?: ListLimits
  /** @see {@link Store.messagesPerRead} */
  readonly messagesPerRead?: number
  readonly search: Pick<
    Store,
    'searchMessages' | 'buildSearchIndex' | 'clearSearchIndex' | 'checkSearchIndex'
  >
}

/** Assembles a store on an open database. */
export function createStore(
  database: Database,
  { clock, toStoreError, listLimits, messagesPerRead, search }: StoreParts,
): Store {
  const { guard, close } = createGate(toStoreError)
  const isOutage = (error: unknown) => ['busy', 'unavailable'].includes(toStoreError(error).code)
  const changeWriter = createChangeWriter(database, clock, isOutage)

  return {
    createMessage: guard(createMessageWriter(database, clock, isOutage)),
    editMessage: guard(changeWriter.editMessage),
    deleteMessage: guard(changeWriter.deleteMessage),
    findMessage: guard(createFindMessage(database)),
    findMessages: guard(createFindMessages(database)),
    listMessages: guard(createListMessages(database, listLimits)),
    searchMessages: guard(search.searchMessages),
    buildSearchIndex: guard(search.buildSearchIndex),
    clearSearchIndex: guard(search.clearSearchIndex),
    checkSearchIndex: guard(search.checkSearchIndex),
    listVersions: guard(createListVersions(database)),
    findVersions: guard(createFindVersions(database)),
    scanVersions: guard(createScanVersions(database)),
    findReactions: guard(createFindReactions(database)),
    listTopics: guard(createListTopics(database)),
    position: guard(database.position),
    changedSince: guard(createChangedSince(database)),
    countChangedSince: guard(createCountChangedSince(database)),
    findEarlierTopics: guard(createFindEarlierTopics(database)),
    oldestChanges: guard(createOldestChanges(database)),
    cursor: guard(createCursorReader(database)),
    settle: guard(createSettle(database, clock)),
    quarantine: guard(createQuarantine(database, clock)),
    retryQuarantined: guard(createRetryQuarantined(database)),
    quarantinedChanges: guard(createQuarantinedChanges(database)),
    quarantineReason: guard(createQuarantineReason(database)),
    resetSynchronization: guard(createResetSynchronization(database, clock)),
    markPending: guard(createMarkPending(database, clock)),
    eraseTraces: guard(createEraseTraces(database)),
    summary: guard(createSummary(database)),
    revision: guard(database.revision),
    ...(messagesPerRead !== undefined && { messagesPerRead }),
    ...(database.onChange && { onChange: database.onChange }),
    acquireSyncLock: guard(database.acquireSyncLock),
    assertWritable: guard(database.assertWritable),
    isWritable: guard(() =>
      database.assertWritable().then(
        () => true,
        () => false,
      ),
    ),
    storage: guard(database.storage),
    close: () => close(database.close),
    [Symbol.asyncDispose]: () => close(database.close),
  }
}
