import { defineConfig } from 'vitest/config'

/** Separate from the other tests, because these need every package built with its declarations. */
export default defineConfig({
  test: {
    reporters: ['default', '../../scripts/closing-line-reporter.ts'],
    projects: [
      {
        test: {
          name: 'api',
          include: ['src/api-{reference,report}.test.ts'],
          globalSetup: ['src/testing/reference-folder.ts'],
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'release',
          include: ['src/{consumer,program,release,stranger}.test.ts'],
          globalSetup: ['src/testing/global-setup.ts'],
          testTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'matrix',
          include: ['src/matrix/*.test.ts'],
          globalSetup: ['src/testing/matrix-setup.ts'],
          testTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'image',
          include: ['src/image/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
})
