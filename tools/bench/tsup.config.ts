import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    main: 'src/main.ts',
    'reference-server': 'src/programs/reference-server.ts',
    'reference-koa-server': 'src/programs/reference-koa-server.ts',
    'reference-live-server': 'src/programs/reference-live-server.ts',
    'live-clients': 'src/programs/live-clients.ts',
    'slow-readers': 'src/programs/slow-readers.ts',
    'returning-clients': 'src/programs/returning-clients.ts',
    load: 'src/programs/load.ts',
    'list-load': 'src/programs/list-load.ts',
    'post-layer': 'src/programs/post-layer.ts',
    'sync-backlog': 'src/programs/sync-backlog.ts',
  },
  format: ['esm'],
  target: 'node20',
  clean: true,
})
