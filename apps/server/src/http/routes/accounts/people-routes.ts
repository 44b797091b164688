import type { Router, RouterContext } from '@koa/router'
import { actorOf } from '../../../access/access.js'
import { problem } from '../../errors.js'
import { rejectWhileDraining } from '../../middleware/guards/capacity-guard.js'
import { readJson } from '../../middleware/read-json.js'
import { ACCOUNT_BODIES } from '../../openapi/accounts/account-schemas.js'
import { PAGE_QUERIES } from '../../openapi/accounts/page-queries.js'
import type { ApiResponse } from '../../openapi/schemas.js'
import { parseBody } from '../../parse-body.js'
import { linkWith } from './account-context.js'
import { sendList } from './account-lists.js'
import { toApiAccount, toApiAct } from './api-account.js'
import type { AccountDependencies } from './session-routes.js'

/** The endpoints with which admins manage people and services. */
export function addPeopleRoutes(router: Router, dependencies: AccountDependencies): void {
  const { accounts, config, requireScope, isDraining, onRevoked } = dependencies
  const drain = rejectWhileDraining(isDraining)
  const admin = requireScope('admin')

  router.post('/invitations', admin, drain, readJson, invite)
  router.get('/accounts', admin, listAccounts)
  router.post('/accounts', admin, drain, readJson, createAccount)
  router.patch('/accounts/:handle', admin, drain, readJson, changeAccount)
  router.post('/accounts/:handle/reset', admin, drain, createReset)
  router.get('/audit', admin, listActs)

  async function invite(context: RouterContext): Promise<void> {
    const invitation = parseBody(ACCOUNT_BODIES.NewInvitation, context.request.body)
    const actor = actorOf(context.state.token)
    sendLink(context, await accounts.links.invite({ ...invitation, actor }))
  }

  async function listAccounts(context: RouterContext): Promise<void> {
    await sendList(context, {
      query: PAGE_QUERIES.accounts,
      read: ({ limit, after = '' }) => accounts.list({ limit, after }),
      cursor: ({ handle }) => ({ after: handle }),
      toApi: toApiAccount,
    })
  }

  async function createAccount(context: RouterContext): Promise<void> {
    const account = parseBody(ACCOUNT_BODIES.NewAccount, context.request.body)
    const created = await accounts.create({ ...account, actor: actorOf(context.state.token) })
    context.status = 201
    context.body = toApiAccount(created) satisfies ApiResponse<'Account'>
  }

  async function changeAccount(context: RouterContext): Promise<void> {
    const changes = parseBody(ACCOUNT_BODIES.AccountChanges, context.request.body)
    if (changes.role === undefined && changes.disabled === undefined) {
      throw problem('missing_field', { message: 'A change needs role or disabled.' })
    }
    const actor = actorOf(context.state.token)
    const account = await accounts.change(String(context.params.handle), { ...changes, actor })
    onRevoked()
    context.body = toApiAccount(account) satisfies ApiResponse<'Account'>
  }

  async function createReset(context: RouterContext): Promise<void> {
    const actor = actorOf(context.state.token)
    sendLink(context, await accounts.links.createReset(String(context.params.handle), { actor }))
  }

  async function listActs(context: RouterContext): Promise<void> {
    await sendList(context, {
      query: PAGE_QUERIES.newest,
      read: ({ limit, before = Number.MAX_SAFE_INTEGER }) => accounts.audit.list({ limit, before }),
      cursor: ({ number }) => ({ before: number }),
      toApi: toApiAct,
    })
  }

  function sendLink(context: RouterContext, created: { secret: string; expires_at: string }): void {
    const { secret, expires_at } = created
    context.status = 201
    context.body = {
      link: linkWith(context, secret, config.publicUrl),
      expires_at,
    } satisfies ApiResponse<'Link'>
  }
}
