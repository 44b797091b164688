import { defineConfig } from 'vitest/config'

/** Tests run on the sources: no build is needed, and coverage speaks of the code people edit. */
const source = {
  resolve: { conditions: ['@gitmsg/source'] },
  ssr: { resolve: { conditions: ['@gitmsg/source'] } },
}

const project = (name: string, root: string, test: object = {}) => ({
  ...source,
  root,
  test: { name, include: ['src/**/*.test.ts'], testTimeout: 60_000, ...test },
})

export default defineConfig({
  test: {
    projects: [
      project('@gitmsg/store', 'packages/store'),
      project('@gitmsg/git-sync', 'packages/git-sync'),
      project('@gitmsg/core', 'packages/core'),
      project('@gitmsg/server', 'apps/server'),
      project('@gitmsg/web', 'apps/web'),
      project('@gitmsg/e2e', 'tools/e2e', { hookTimeout: 60_000 }),
      project('examples', 'examples', { include: ['*/*.test.js'] }),
    ],
    // Many tests wait for other processes, so no processor is kept back.
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
