import type { Accounts } from '@gitmsg/accounts'
import type { Engine } from '@gitmsg/core'
import Router from '@koa/router'
import type { Middleware } from 'koa'
import { v7 } from 'uuid'
import type { AccountsConfig } from '../../../config/server-config.js'
import { problem } from '../../errors.js'
import { createSignInLimits } from '../../middleware/guards/sign-in-limits.js'
import { OPERATIONS_OF_ACCOUNTS } from '../../openapi/accounts/account-operations.js'
import type { Approvals } from '../../posting/approvals.js'
import { type ChangeRules, createChangeRules } from '../../posting/change-rules.js'
import { createDuplicates } from '../../posting/duplicates.js'
import { createPostLimits } from '../../posting/post-limits.js'
import { createGuardedPost, type PostMessage } from '../../posting/post-message.js'
import { createSenderSearch } from './earlier-senders.js'
import { addModerationRoutes, type ModerationDependencies } from './moderation-routes.js'
import { addPeopleRoutes } from './people-routes.js'
import { addProviderRoutes } from './provider-routes.js'
import { type AccountDependencies, addSessionRoutes } from './session-routes.js'
import { addTokenRoutes } from './token-routes.js'

/** The accounts of a server, and how they are set. */
export interface AccountParts {
  readonly accounts: Accounts
  readonly config: AccountsConfig
  readonly approvals: Approvals
}

interface Dependencies
  extends Omit<AccountDependencies, 'signInLimits' | 'hasPosted'>,
    ModerationDependencies {
  readonly accounts: Accounts
  readonly engine: Engine
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number
}

/** All endpoints of accounts. */
export function addAccountRoutes(router: Router, dependencies: Dependencies): void {
  const { engine, config, monotonic } = dependencies
  const hasPosted = createSenderSearch(engine)
  const shared = { ...dependencies, hasPosted, signInLimits: createSignInLimits(monotonic) }
  addSessionRoutes(router, shared)
  if (config.oidc) addProviderRoutes(router, config.oidc, shared)
  addPeopleRoutes(router, shared)
  addTokenRoutes(router, shared)
  addModerationRoutes(router, shared)
}

/** What posting and changing messages asks accounts. */
export interface AccountRules {
  readonly post: PostMessage
  readonly isReserved: (sender: string) => Promise<boolean>
  readonly changeRules: ChangeRules
}

export function createAccountRules({
  accounts,
  config,
  engine,
  monotonic,
}: Pick<AccountParts, 'accounts' | 'config'> & Pick<Dependencies, 'engine' | 'monotonic'>): AccountRules {
  const limits = createPostLimits({ ...config, accounts, monotonic, clock: Date.now })
  const duplicates = createDuplicates(monotonic)
  const createUid = () => v7()
  return {
    post: createGuardedPost({ ...config, engine, accounts, limits, duplicates, createUid }),
    isReserved: accounts.isLookAlike,
    changeRules: createChangeRules({ ...config, accounts, limits }),
  }
}

/** Without accounts their endpoints do not exist, whatever the method. */
export function hideAccounts(): Middleware {
  const hidden = new Router()
  for (const endpoint of Object.keys(OPERATIONS_OF_ACCOUNTS)) {
    const [method = '', path = ''] = endpoint.split(' ')
    hidden.register(path, [method], () => {})
  }
  return function accountsGuard(context, next) {
    if (hidden.match(context.path, context.method).route) throw problem('not_found')
    return next()
  }
}
