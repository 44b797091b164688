import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { main: 'src/main.ts', 'reference-server': 'src/reference-server.ts' },
  format: ['esm'],
  target: 'node20',
  clean: true,
})
