import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LONG_TESTS, RUN, testProject, WITH_POSTGRES } from './scripts/test-project.js'

/** They replace a module, so they cannot share it with other files. */
const MOCKED_TESTS = 'src/**/*.mocked.test.ts'

/** What the API promises, embedded in an application instead of listening. */
const SERVER_AS_HANDLER = {
  alias: [
    {
      find: /^(?:\.\.\/)+testing\/servers\/open-test-server\.js$/,
      replacement: fileURLToPath(
        new URL('apps/server/src/testing/servers/open-test-handler.ts', import.meta.url),
      ),
    },
  ],
  include: ['src/http/routes/{feed,post,read}-routes.test.ts'],
}

export default defineConfig({
  test: {
    ...RUN,
    projects: [
      testProject('@gitmsg/store', 'packages/store', {
        ...WITH_POSTGRES,
        exclude: [LONG_TESTS, MOCKED_TESTS],
      }),
      testProject('@gitmsg/store mocked', 'packages/store', { include: [MOCKED_TESTS], isolate: true }),
      testProject('@gitmsg/accounts', 'packages/accounts', WITH_POSTGRES),
      testProject('@gitmsg/git-sync', 'packages/git-sync'),
      testProject('@gitmsg/core', 'packages/core'),
      testProject('@gitmsg/client', 'packages/client'),
      testProject('gitmsg', 'apps/server', WITH_POSTGRES),
      testProject('gitmsg as a handler', 'apps/server', SERVER_AS_HANDLER),
      testProject('@gitmsg/web', 'apps/web'),
      testProject('@gitmsg/e2e', 'tools/e2e', WITH_POSTGRES),
      testProject('examples', 'examples', { include: ['*/*.test.js'] }),
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts', 'apps/{server,web}/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/testing/**'],
      reporter: ['text-summary'],
    },
  },
})
