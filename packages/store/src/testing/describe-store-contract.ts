import { describe } from 'vitest'
import { describeCreating } from './messages-contract/creating.js'
import { describeDeleting } from './messages-contract/deleting.js'
import { describeEditing } from './messages-contract/editing.js'
import { describeIdempotency } from './messages-contract/idempotency.js'
import { describeListing } from './messages-contract/listing.js'
import { describePositions } from './messages-contract/positions.js'
import { describeReacting } from './messages-contract/reacting.js'
import { describeReading } from './messages-contract/reading.js'
import { describeReplying } from './messages-contract/replying.js'
import { describeSearching } from './messages-contract/searching.js'
import { describeTopics } from './messages-contract/topics.js'
import { describeVersions } from './messages-contract/versions.js'
import { describeErasing } from './outbox-contract/erasing.js'
import { describeLocking } from './outbox-contract/locking.js'
import { describePublishing } from './outbox-contract/publishing.js'
import { describeQuarantining } from './outbox-contract/quarantining.js'
import { describeRecording } from './outbox-contract/recording.js'
import { describeResetting } from './outbox-contract/resetting.js'
import { describeSettling } from './outbox-contract/settling.js'
import { describeSharing } from './outbox-contract/sharing.js'
import type { OpenStoreFixture } from './store-fixture.js'

/**
 * Defines the tests that every `Store` must pass. Call it in a vitest test file of your own implementation. `open` is
 * called once for each test and must resolve with a store on an empty database.
 *
 * @example
 * ```ts
 * describeStoreContract('my store', async ({ clock }) => {
 *   const database = await createEmptyDatabase()
 *   return {
 *     store: await openMyStore(database, { clock }),
 *     other: () => openMyStore(database, { clock }),
 *     dispose: () => database.remove(),
 *   }
 * })
 * ```
 */
export function describeStoreContract(name: string, open: OpenStoreFixture): void {
  describe(`Store contract: ${name}`, () => {
    describeCreating(open)
    describeEditing(open)
    describeDeleting(open)
    describeReplying(open)
    describeReacting(open)
    describeIdempotency(open)
    describeReading(open)
    describeListing(open)
    describeSearching(open)
    describeVersions(open)
    describeTopics(open)
    describePositions(open)
    describeSettling(open)
    describePublishing(open)
    describeRecording(open)
    describeResetting(open)
    describeErasing(open)
    describeQuarantining(open)
    describeLocking(open)
    describeSharing(open)
  })
}
