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

/** Opens the stores and the accounts of a project's tests on PostgreSQL. */
const ON_POSTGRES = {
  ...WITH_POSTGRES,
  alias: {
    '@gitmsg/accounts/testing': fileURLToPath(
      new URL('packages/accounts/src/testing/postgres-accounts.ts', import.meta.url),
    ),
    '@gitmsg/store/testing': fileURLToPath(
      new URL('packages/store/src/testing/postgres-stores.ts', import.meta.url),
    ),
  },
}

/** What core promises of any store, once more with the other one. */
const CORE_ON_POSTGRES = {
  ...ON_POSTGRES,
  include: [
    'src/history/{restore,versions}.test.ts',
    'src/search/{search-messages,start-indexing}.test.ts',
    'src/sync/{dispatcher,importer,lost-history}.test.ts',
    'src/verify/verify.test.ts',
  ],
}

/** Needs PostgreSQL, whichever store the others run on. */
const POSTGRES_TESTS = 'src/**/*.postgres.test.ts'

/** What the server promises of any store. */
const SERVER_ON_POSTGRES = {
  ...ON_POSTGRES,
  include: [
    POSTGRES_TESTS,
    'src/http/conformance/{account-fuzz,failed-posts,openapi-contract}.test.ts',
    'src/http/posting/holding.test.ts',
    'src/http/routes/accounts/people-routes.test.ts',
    'src/http/routes/{change,feed,list,post,read,sync}-routes.test.ts',
    'src/live/live.test.ts',
  ],
}

/** What the API promises, embedded in an application instead of listening. */
const SERVER_AS_HANDLER = {
  alias: [
    {
      find: /^(?:\.\.\/)+testing\/open-test-server\.js$/,
      replacement: fileURLToPath(new URL('apps/server/src/testing/open-test-handler.ts', import.meta.url)),
    },
  ],
  include: ['src/http/routes/{feed,post,read}-routes.test.ts'],
}

export default defineConfig({
  test: {
    projects: [
      project('@gitmsg/store', 'packages/store', WITH_POSTGRES),
      project('@gitmsg/accounts', 'packages/accounts', WITH_POSTGRES),
      project('@gitmsg/git-sync', 'packages/git-sync'),
      project('@gitmsg/core', 'packages/core'),
      project('@gitmsg/core on PostgreSQL', 'packages/core', CORE_ON_POSTGRES),
      project('@gitmsg/client', 'packages/client'),
      project('gitmsg', 'apps/server', { exclude: [POSTGRES_TESTS] }),
      project('gitmsg on PostgreSQL', 'apps/server', SERVER_ON_POSTGRES),
      project('gitmsg as a handler', 'apps/server', SERVER_AS_HANDLER),
      project('@gitmsg/web', 'apps/web'),
      project('@gitmsg/e2e', 'tools/e2e', { ...WITH_POSTGRES, hookTimeout: 60_000 }),
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
