export { type OpenPostgresAccountsOptions, openPostgresAccounts } from './open-postgres-accounts.js'
