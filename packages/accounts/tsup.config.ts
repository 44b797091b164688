import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'postgres/index': 'src/postgres/index.ts',
    'testing/index': 'src/testing/index.ts',
  },
  format: ['esm', 'cjs'],
  target: 'node20',
  // All entries share one AccountsError, in CommonJS too.
  splitting: true,
  // Gives CommonJS an import.meta.url.
  shims: true,
  sourcemap: true,
  dts: false,
  clean: !process.argv.includes('--dts-only'),
})
