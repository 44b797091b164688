import { describe } from 'vitest'
import { describeCreating } from './creating-contract.js'
import { describeIdempotency } from './idempotency-contract.js'
import { describeQuarantining } from './quarantining-contract.js'
import { describeReading } from './reading-contract.js'
import { describeSettling } from './settling-contract.js'
import { describeSharing } from './sharing-contract.js'
import type { OpenStoreFixture } from './store-fixture.js'

/**
 * The definition of "is a Store": run it, with vitest, from the test file of whatever an engine is to take for
 * one. `open` is called once for each test and answers a store on an empty database.
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
