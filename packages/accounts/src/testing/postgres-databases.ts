import { createTemporaryDatabases, type TemporaryDatabases } from '@gitmsg/test-postgres'
import { DEFAULT_SCHEMA, openPostgresAccounts } from '../postgres/open-postgres-accounts.js'

/** Databases with the tables of accounts, for one test after the other. */
export const createAccountsDatabases = (server: string): TemporaryDatabases =>
  createTemporaryDatabases(server, {
    schema: DEFAULT_SCHEMA,
    prepare: async (url) => (await openPostgresAccounts({ url })).close(),
  })
