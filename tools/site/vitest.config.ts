import { defineConfig } from 'vitest/config'

/** Separate from the other tests, because these build the site first. */
export default defineConfig({
  test: {
    name: 'site',
    include: ['src/*.test.ts'],
    globalSetup: ['src/testing/build-site.ts'],
    reporters: ['default', '../../scripts/closing-line-reporter.ts'],
    testTimeout: 60_000,
  },
})
