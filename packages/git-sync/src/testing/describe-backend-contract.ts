import { describe } from 'vitest'
import { describeAppending } from './appending-contract.js'
import type { OpenBackendFixture } from './backend-fixture.js'
import { describeEnding } from './ending-contract.js'
import { describePreparing } from './preparing-contract.js'
import { describeReading } from './reading-contract.js'
import { describeRefusing } from './refusing-contract.js'
import { describeTwoWriters } from './two-writers-contract.js'

/**
 * The definition of "is a GitBackend": run it from every backend's own test file, with vitest. `open` is
 * called once for each test and answers a backend on a branch that does not exist yet.
 */
export function describeBackendContract(name: string, open: OpenBackendFixture): void {
  describe(`GitBackend contract: ${name}`, () => {
    describeAppending(open)
    describeTwoWriters(open)
    describePreparing(open)
    describeReading(open)
    describeRefusing(open)
    describeEnding(open)
  })
}
