import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Tests run on the sources: no build is needed, and coverage refers to the code that people edit. */
const SOURCE = {
  resolve: { conditions: ['@gitmsg/source'] },
  ssr: { resolve: { conditions: ['@gitmsg/source'] } },
}

/** In CI a test that fails runs once more. If it passes then, the reporter names it: it is a fault to fix. */
const RETRIES = process.env.CI ? 1 : 0

/** Starts PostgreSQL once a test asks for it. */
const WITH_POSTGRES = {
  globalSetup: [fileURLToPath(new URL('./tools/postgres/src/global-setup.ts', import.meta.url))],
}
const PATIENT_WAITS = fileURLToPath(new URL('scripts/patient-waits.ts', import.meta.url))

const project = (name: string, root: string, test: object = {}) => ({
  ...SOURCE,
  root,
  test: {
    name,
    include: ['src/**/*.test.ts'],
    setupFiles: [PATIENT_WAITS],
    testTimeout: 60_000,
    retry: RETRIES,
    ...test,
  },
})

/** What core promises of any store, once more with the other one. */
const CORE_ON_POSTGRES = {
  ...WITH_POSTGRES,
  include: [
    'src/history/{restore,versions}.test.ts',
    'src/search/{search-messages,start-indexing}.test.ts',
    'src/sync/{dispatcher,importer,lost-history}.test.ts',
    'src/verify/verify.test.ts',
  ],
  alias: {
    '@gitmsg/store/testing': fileURLToPath(
      new URL('packages/core/src/testing/postgres-stores.ts', import.meta.url),
    ),
  },
}

export default defineConfig({
  test: {
    projects: [
      project('@gitmsg/store', 'packages/store', WITH_POSTGRES),
      project('@gitmsg/accounts', 'packages/accounts'),
      project('@gitmsg/git-sync', 'packages/git-sync'),
      project('@gitmsg/core', 'packages/core'),
      project('@gitmsg/core on PostgreSQL', 'packages/core', CORE_ON_POSTGRES),
      project('@gitmsg/client', 'packages/client'),
      project('gitmsg', 'apps/server'),
      project('@gitmsg/web', 'apps/web'),
      project('@gitmsg/e2e', 'tools/e2e', { hookTimeout: 60_000 }),
      project('examples', 'examples', { include: ['*/*.test.js'] }),
    ],
    // Many tests only wait for other processes, so use every processor.
    maxWorkers: '100%',
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts', 'apps/{server,web}/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/testing/**'],
      reporter: ['text-summary'],
    },
  },
})
