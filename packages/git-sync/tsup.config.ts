import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'memory/index': 'src/memory/index.ts',
    'local/index': 'src/local/index.ts',
    'github/index': 'src/github/index.ts',
    'testing/index': 'src/testing/index.ts',
  },
  format: ['esm', 'cjs'],
  splitting: true, // one GitSyncError for all entries, in CommonJS too
  target: 'node20',
  sourcemap: true,
  dts: false,
  clean: !process.argv.includes('--dts-only'),
})
