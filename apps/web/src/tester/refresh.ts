import type { ApiClient } from '../api/api-client.js'
import type { ApiResult } from '../api/api-result.js'
import type { Message } from '../api/api-types.js'
import type { Purpose } from '../api/exchange.js'
import { loadMarkdownFor } from '../markdown/load-markdown.js'
import type { EmptyState } from './messages/empty-state.js'
import type { MessageList } from './messages/message-list.js'
import type { Pager } from './messages/pager.js'
import type { Parents } from './messages/parents.js'
import type { Quarantine } from './messages/quarantine.js'
import type { RetrieveForm } from './messages/retrieve-form.js'
import type { Poll } from './polling.js'
import type { SyncPanel } from './sync/sync-panel.js'

/** What a refresh reads from and writes to. */
export interface RefreshOptions {
  readonly client: Pick<ApiClient, 'retrieve' | 'syncStatus'>
  readonly list: Pick<MessageList, 'show'>
  readonly emptyState: EmptyState
  readonly pager: Pick<Pager, 'target' | 'showPage' | 'goBack'>
  readonly parents: Parents
  readonly quarantine: Quarantine
  readonly retrieveForm: Pick<RetrieveForm, 'showError'>
  readonly syncPanel: Pick<SyncPanel, 'show'>
  /** Called when the access token is missing or no longer valid: no message may stay on the screen. */
  readonly onUnauthorized: () => void
  /** Called when the user's own filters or link were rejected, and the page that was shown stays. */
  readonly onRejected: () => void
  /** Called when a page is shown, with what caused it. */
  readonly onShown: (purpose: Purpose) => void
}

type MessagesResult = ApiResult<Message[]>
type HttpError = Extract<MessagesResult, { kind: 'http-error' }>

/** One poll of the server: fetches the current page of messages and the sync status, and shows both together. */
export function createRefresh(options: RefreshOptions): Poll {
  const { client, list, emptyState, pager, parents, quarantine, retrieveForm, syncPanel } = options

  return async function refresh(purpose, signal) {
    const target = pager.target()
    const [page, sync] = await Promise.all([
      client.retrieve(target, purpose, signal),
      client.syncStatus(signal),
    ])
    const quarantined = sync.kind === 'success' ? sync.value.quarantined : 0
    const messages = page.kind === 'success' ? page.value : []
    const [reasons, parentsByUid] = await Promise.all([
      quarantine.reasonsAmong(messages, quarantined, signal),
      parents.of(messages, signal),
      loadMarkdownFor(messages),
    ])
    if (signal.aborted) return { problem: null, pending: false }

    if (sync.kind === 'success') syncPanel.show(sync.value)
    if (page.kind === 'success') {
      list.show(messages, { reasons, parents: parentsByUid })
      pager.showPage(messages.length, page.next)
      emptyState.show(messages.length === 0, isFiltered(target))
      options.onShown(purpose)
    } else {
      if (isUnauthorized(page)) options.onUnauthorized()
      if (isInputError(page, purpose)) {
        pager.goBack()
        options.onRejected()
        retrieveForm.showError(page.error)
      }
    }
    const problem = (isInputError(page, purpose) ? null : problemOf(page)) ?? problemOf(sync)
    return { problem, pending: messages.some(({ is_synchronized }) => !is_synchronized) }
  }
}

/** Whether the user's own filters caused the error; a poll in the background has no one to tell. */
function isInputError(page: MessagesResult, purpose: Purpose): page is HttpError {
  return purpose === 'action' && page.kind === 'http-error' && page.status < 500
}

function isUnauthorized(page: MessagesResult): boolean {
  return page.kind === 'http-error' && page.status === 401
}

function problemOf(result: ApiResult<unknown>): string | null {
  if (result.kind === 'success') return null
  return result.kind === 'no-response' ? result.problem : `The request failed: ${result.error.message}`
}

function isFiltered(target: string): boolean {
  return [...new URLSearchParams(target.split('?')[1]).keys()].some((name) => name !== 'limit')
}
