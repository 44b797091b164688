import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    main: 'src/main.ts',
    'fill-backlog': 'src/programs/fill-backlog.ts',
    'write-rows': 'src/programs/write-rows.ts',
  },
  format: ['esm'],
  target: 'node20',
  clean: true,
})
