import { describe } from 'vitest'
import { describeCreating } from './creating-contract.js'
import { describeIdempotency } from './idempotency-contract.js'
import { describeQuarantining } from './quarantining-contract.js'
import { describeReading } from './reading-contract.js'
import { describeSettling } from './settling-contract.js'
import { describeSharing } from './sharing-contract.js'
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
    describeIdempotency(open)
    describeReading(open)
    describeSettling(open)
    describeQuarantining(open)
    describeSharing(open)
  })
}
