import { SCOPES } from '@gitmsg/accounts'
import type { Router, RouterContext } from '@koa/router'
import { actorOf } from '../../../access/access.js'
import { problem } from '../../errors.js'
import { rejectWhileDraining } from '../../middleware/guards/capacity-guard.js'
import { readJson } from '../../middleware/read-json.js'
import { ACCOUNT_BODIES } from '../../openapi/accounts/account-schemas.js'
import { PAGE_QUERIES } from '../../openapi/accounts/page-queries.js'
import type { ApiResponse } from '../../openapi/schemas.js'
import { parseBody } from '../../parse-body.js'
import { accountOf, isAdmin, notFound, numberOf, sessionOf } from './account-context.js'
import { sendList } from './account-lists.js'
import { toApiToken } from './api-account.js'
import type { AccountDependencies } from './session-routes.js'

const DEFAULT_DAYS = 365

/** The endpoints for tokens: people manage their own, admins those of services and revoke any. */
export function addTokenRoutes(router: Router, dependencies: AccountDependencies): void {
  const { accounts, requireScope, isDraining, onRevoked } = dependencies
  const drain = rejectWhileDraining(isDraining)
  const signedIn = requireScope(...SCOPES)

  router.get('/tokens', signedIn, listTokens)
  router.post('/tokens', signedIn, drain, readJson, createToken)
  router.delete('/tokens/:id', signedIn, drain, revokeToken)

  async function listTokens(context: RouterContext): Promise<void> {
    const own = isAdmin(context) ? undefined : accountOf(context).handle
    await sendList(context, {
      query: PAGE_QUERIES.tokens,
      async read({ account, limit, before = Number.MAX_SAFE_INTEGER }) {
        if (own !== undefined && account !== undefined && account !== own) return []
        return accounts.tokens.list({ handle: own ?? account, limit, before })
      },
      cursor: ({ id }) => ({ before: id }),
      toApi: toApiToken,
    })
  }

  async function createToken(context: RouterContext): Promise<void> {
    const {
      account,
      days = DEFAULT_DAYS,
      ...token
    } = parseBody(ACCOUNT_BODIES.NewToken, context.request.body)
    const handle = await ownerOf(context, account)
    const actor = actorOf(context.state.token)
    const created = await accounts.tokens.create({ ...token, handle, days, actor })
    context.status = 201
    context.body = { ...toApiToken(created), token: created.token } satisfies ApiResponse<'CreatedToken'>
  }

  /** Whose token is created: the own account's, or a service's by an admin, who must not be able to be someone else. */
  async function ownerOf(context: RouterContext, account: string | undefined): Promise<string> {
    if (account === undefined || account === context.state.token.account?.handle) {
      return sessionOf(context).handle
    }
    if (!isAdmin(context)) throw problem('insufficient_scope', { field: 'account' })
    const owner = await accounts.find(account)
    if (!owner) throw notFound('account')
    if (owner.kind !== 'service') {
      throw problem('invalid_value', { message: 'People create their tokens themselves.', field: 'account' })
    }
    return owner.handle
  }

  async function revokeToken(context: RouterContext): Promise<void> {
    const handle = isAdmin(context) ? undefined : sessionOf(context).handle
    const id = numberOf(context, 'token')
    const actor = actorOf(context.state.token)
    if (!(await accounts.tokens.revoke(id, { handle, actor }))) throw notFound('token')
    onRevoked()
    context.status = 204
  }
}
