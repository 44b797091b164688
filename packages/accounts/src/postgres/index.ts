export {
  type AccountsLocation,
  type CopiedAccounts,
  type CopyAccountsOptions,
  copyAccounts,
} from './copy/copy-accounts.js'
export { type OpenPostgresAccountsOptions, openPostgresAccounts } from './open-postgres-accounts.js'
