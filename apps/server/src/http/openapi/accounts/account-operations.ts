import type { Operations } from '../operation.js'
import { ACCOUNT_OPERATIONS } from './account-endpoints.js'
import { MODERATION_OPERATIONS } from './moderation-endpoints.js'
import { PROVIDER_OPERATIONS } from './provider-endpoints.js'

/** Every endpoint that only a server with accounts has. */
export const OPERATIONS_OF_ACCOUNTS: Operations = {
  ...ACCOUNT_OPERATIONS,
  ...PROVIDER_OPERATIONS,
  ...MODERATION_OPERATIONS,
}

/** Whether only a server with accounts has an endpoint. */
export const isOfAccounts = (endpoint: string): boolean => Object.hasOwn(OPERATIONS_OF_ACCOUNTS, endpoint)
