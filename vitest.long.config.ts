import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LONG_TESTS, RUN, testProject, WITH_POSTGRES } from './scripts/test-project.js'

const longTests = (name: string, root: string, test: object = {}) =>
  testProject(name, root, { include: [LONG_TESTS], exclude: [], testTimeout: 180_000, ...test })

/** Opens the stores and the accounts of a project's tests on PostgreSQL, in modules with hooks of their own for each file. */
const ON_POSTGRES = {
  ...WITH_POSTGRES,
  isolate: true,
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

/** What the server promises of any store. */
const SERVER_ON_POSTGRES = {
  ...ON_POSTGRES,
  include: [
    'src/http/conformance/{account-fuzz,failed-posts,openapi-contract}.test.ts',
    'src/http/posting/holding.test.ts',
    'src/http/routes/accounts/people-routes.test.ts',
    'src/http/routes/{change,feed,list,post,read,sync}-routes.test.ts',
    'src/live/live.test.ts',
  ],
}

/** `npm run test:long`: what takes longer than people wait. */
export default defineConfig({
  test: {
    ...RUN,
    projects: [
      longTests('@gitmsg/store long', 'packages/store', WITH_POSTGRES),
      longTests('@gitmsg/git-sync long', 'packages/git-sync'),
      longTests('@gitmsg/core long', 'packages/core'),
      testProject('@gitmsg/core on PostgreSQL', 'packages/core', CORE_ON_POSTGRES),
      longTests('gitmsg long', 'apps/server'),
      testProject('gitmsg on PostgreSQL', 'apps/server', SERVER_ON_POSTGRES),
      longTests('@gitmsg/e2e long', 'tools/e2e', WITH_POSTGRES),
    ],
  },
})
