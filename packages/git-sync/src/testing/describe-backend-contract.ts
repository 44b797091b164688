import { describe } from 'vitest'
import type { OpenBackendFixture } from './backend-fixture.js'
import { describeLifecycle } from './lifecycle-contract.js'
import { describeReading } from './reading-contract.js'
import { describeTwoWriters } from './two-writers-contract.js'
import { describeValidation } from './validation-contract.js'
import { describeWriting } from './writing-contract.js'

/**
 * The definition of a {@link GitBackend}, as tests for vitest. Call it from every backend's own test file; no test is
 * optional.
 *
 * @param open called once for each test; resolves with a backend on a branch that does not exist yet
 * @example
 * describeBackendContract('memory', async () => {
 *   const repository = createMemoryRepository()
 *   const backend = createMemoryBackend({ repository })
 *   return { backend, other: async () => createMemoryBackend({ repository }), dispose: backend.close }
 * })
 */
export function describeBackendContract(name: string, open: OpenBackendFixture): void {
  describe(`GitBackend contract: ${name}`, () => {
    describeLifecycle(open)
    describeValidation(open)
    describeWriting(open)
    describeTwoWriters(open)
    describeReading(open)
  })
}
