import type { Accounts } from '@gitmsg/accounts'
import type { Engine } from '@gitmsg/core'
import type { Router, RouterContext } from '@koa/router'
import { actorOf } from '../../../access/access.js'
import { problem } from '../../errors.js'
import {
  type AssertCapacity,
  rejectWhileDraining,
  rejectWhileFull,
} from '../../middleware/guards/capacity-guard.js'
import type { RequireScope } from '../../middleware/guards/token-guard.js'
import { readJson } from '../../middleware/read-json.js'
import { ACCOUNT_BODIES } from '../../openapi/accounts/account-schemas.js'
import { PAGE_QUERIES } from '../../openapi/accounts/page-queries.js'
import type { ApiResponse } from '../../openapi/schemas.js'
import { parseBody } from '../../parse-body.js'
import type { Approvals } from '../../posting/approvals.js'
import { keyOf, noSuchMessage } from '../message-key.js'
import { accountOf, notFound, numberOf } from './account-context.js'
import { sendList } from './account-lists.js'
import { toApiHeld, toApiReport } from './api-account.js'

export interface ModerationDependencies {
  readonly accounts: Pick<Accounts, 'held' | 'reports'>
  readonly engine: Pick<Engine, 'find'>
  readonly approvals: Approvals
  readonly requireScope: RequireScope
  /** True once a shutdown has started. */
  readonly isDraining: () => boolean
  readonly assertCapacity: AssertCapacity
  /** Called after each message that was published. */
  readonly onPosted: () => void
}

/** The endpoints for moderators, and for reporting to them. */
export function addModerationRoutes(router: Router, dependencies: ModerationDependencies): void {
  const { accounts, engine, approvals, requireScope, isDraining, assertCapacity, onPosted } = dependencies
  const drain = rejectWhileDraining(isDraining)
  const moderate = requireScope('moderate')

  router.get('/moderation', moderate, listHeld)
  router.post('/moderation/:id/approve', moderate, drain, rejectWhileFull(assertCapacity), approve)
  router.post('/moderation/:id/reject', moderate, drain, reject)
  router.post('/messages/:key/report', requireScope('read'), drain, readJson, report)
  router.get('/reports', moderate, listReports)
  router.post('/reports/:id/close', moderate, drain, closeReport)

  async function listHeld(context: RouterContext): Promise<void> {
    await sendList(context, {
      query: PAGE_QUERIES.oldest,
      read: ({ limit, after = 0 }) => accounts.held.list({ limit, after }),
      cursor: ({ id }) => ({ after: id }),
      toApi: toApiHeld,
    })
  }

  async function approve(context: RouterContext): Promise<void> {
    const id = numberOf(context, 'held post')
    const message = await approvals.approve(id, actorOf(context.state.token))
    if (!message) throw notFound('held post')
    onPosted()
    context.body = { status: 'success', message_id: message.id } satisfies ApiResponse<'PostedMessage'>
  }

  async function reject(context: RouterContext): Promise<void> {
    const id = numberOf(context, 'held post')
    if (!(await accounts.held.reject(id, actorOf(context.state.token)))) throw notFound('held post')
    context.status = 204
  }

  async function report(context: RouterContext): Promise<void> {
    const { handle } = accountOf(context)
    const { reason } = parseBody(ACCOUNT_BODIES.NewReport, context.request.body)
    const message = await engine.find(keyOf(context))
    if (!message) throw noSuchMessage()
    if (message.deleted_at !== null) throw problem('deleted')
    const added = await accounts.reports.add({ subject: message.uid, handle, reason })
    context.status = 201
    context.body = toApiReport(added) satisfies ApiResponse<'Report'>
  }

  async function listReports(context: RouterContext): Promise<void> {
    await sendList(context, {
      query: PAGE_QUERIES.oldest,
      read: ({ limit, after = 0 }) => accounts.reports.list({ limit, after }),
      cursor: ({ id }) => ({ after: id }),
      toApi: toApiReport,
    })
  }

  async function closeReport(context: RouterContext): Promise<void> {
    const id = numberOf(context, 'report')
    if (!(await accounts.reports.close(id, actorOf(context.state.token)))) throw notFound('report')
    context.status = 204
  }
}
