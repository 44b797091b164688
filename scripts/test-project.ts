import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { findMemoryFolder } from './memory-folder.js'

const pathOf = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url))

/** Tests run on the sources: no build is needed, and coverage refers to the code that people edit. */
const SOURCE = {
  resolve: { conditions: ['@gitmsg/source'] },
  ssr: { resolve: { conditions: ['@gitmsg/source'] } },
}

/** In CI a test that fails runs once more. If it passes then, the reporter names it: it is a fault to fix. */
const RETRIES = process.env.CI ? 1 : 0

const memoryFolder = findMemoryFolder()

/** What the long tests are called. `npm test` leaves them out, CI does not. */
export const LONG_TESTS = 'src/**/*.long.test.ts'

/** Starts PostgreSQL once a test asks for it. */
export const WITH_POSTGRES = { globalSetup: [pathOf('tools/postgres/src/global-setup.ts')] }

/** The tests of one package. */
export const testProject = (name: string, root: string, test: object = {}) => ({
  ...SOURCE,
  root: pathOf(root),
  test: {
    name,
    include: ['src/**/*.test.ts'],
    exclude: [LONG_TESTS],
    setupFiles: [pathOf('scripts/patient-waits.ts')],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: RETRIES,
    // Files share the modules that they import, which have no state of their own.
    isolate: false,
    env: memoryFolder ? { TMPDIR: memoryFolder } : {},
    ...test,
  },
})

/** How all tests run. */
export const RUN = {
  // Many tests wait for other processes, and leave room for another.
  maxWorkers: Math.ceil(availableParallelism() * 1.5),
  reporters: ['default', pathOf('scripts/closing-line-reporter.ts')],
}
