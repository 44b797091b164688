import { createTemporaryDatabases, type TemporaryDatabases } from '@gitmsg/test-postgres'
import { openPostgresStore } from '../postgres/index.js'

/** Databases with the tables of a store, for one test after the other. */
export const createStoreDatabases = (server: string): TemporaryDatabases =>
  createTemporaryDatabases(server, {
    schema: 'gitmsg',
    prepare: async (url) => (await openPostgresStore({ url })).close(),
  })
