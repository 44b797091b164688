import { cp } from 'node:fs/promises'
import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { main: 'src/main.ts', 'sync-thread': 'src/sync-thread/sync-thread.ts' },
  format: ['esm'],
  target: 'node20',
  sourcemap: true,
  clean: true,
  plugins: [
    {
      name: 'web-tester',
      buildEnd: () => cp('../web/dist', 'dist/web', { recursive: true }),
    },
  ],
})
