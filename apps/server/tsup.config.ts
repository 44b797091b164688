import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', main: 'src/main.ts', 'sync-thread': 'src/sync-thread/sync-thread.ts' },
  format: ['esm'],
  target: 'node20',
  sourcemap: true,
  clean: true,
})
