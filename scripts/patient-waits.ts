import { vi } from 'vitest'

/** Far longer than anything takes: a test must not depend on the speed of the machine. */
const PATIENCE_MS = 30_000

const { waitFor } = vi
// By default it gives up after a second.
vi.waitFor = (callback, options = PATIENCE_MS) => waitFor(callback, options)
