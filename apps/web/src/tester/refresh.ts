import type { ApiClient } from '../api/api-client.js'
import type { ApiResult } from '../api/api-result.js'
import type { Message, Position } from '../api/api-types.js'
import type { Purpose } from '../api/exchange.js'
import type { Pager } from './messages/pager.js'
import type { RetrieveForm } from './messages/retrieve-form.js'
import type { ShownPage } from './messages/shown-page.js'
import type { Poll } from './polling.js'
import type { SyncPanel } from './sync/sync-panel.js'

/** What a refresh reads from and writes to. */
export interface RefreshOptions {
  readonly client: Pick<ApiClient, 'retrieve' | 'syncStatus'>
  readonly shownPage: Pick<ShownPage, 'load' | 'isWhole'>
  readonly pager: Pick<Pager, 'target' | 'goBack'>
  readonly retrieveForm: Pick<RetrieveForm, 'showError'>
  readonly syncPanel: Pick<SyncPanel, 'show'>
  /** Whether the live channel reports the sync status. A response may be older than its last report. */
  readonly isListening: () => boolean
  /** Called when the access token is missing or no longer valid (401), or may not read (403). */
  readonly onDenied: (status: number) => void
  /** Called when the user's own filters or link were rejected, and the page that was shown stays. */
  readonly onRejected: () => void
  /** Called when a page is shown, with what caused it and the place of the feed that it has reached. */
  readonly onShown: (purpose: Purpose, position: Position | null) => void
}

type MessagesResult = ApiResult<Message[]>
type HttpError = Extract<MessagesResult, { kind: 'http-error' }>

/** One poll of the server: fetches the current page of messages and the sync status, and shows both. */
export function createRefresh(options: RefreshOptions): Poll {
  const { client, shownPage, pager, retrieveForm, syncPanel, isListening } = options

  function showFailure(page: MessagesResult, purpose: Purpose): void {
    if (page.kind !== 'http-error') return
    if (page.status === 401 || page.status === 403) options.onDenied(page.status)
    if (!isInputError(page, purpose)) return
    pager.goBack()
    options.onRejected()
    retrieveForm.showError(page.error)
  }

  return async function refresh(purpose, signal) {
    const target = pager.target()
    const load = shownPage.load()
    const [page, sync] = await Promise.all([
      client.retrieve(target, purpose, signal),
      client.syncStatus(signal),
    ])
    const quarantined = sync.kind === 'success' ? sync.value.quarantined : 0
    const messages = page.kind === 'success' ? page.value : []
    if (page.kind === 'success') {
      await load.show({ ...page, target, messages, isWhole: true }, { quarantined, signal })
    }
    load.end()
    if (signal.aborted) return { problem: null, pending: false, isIncomplete: false }

    if (sync.kind === 'success' && !isListening()) syncPanel.show(sync.value)
    if (page.kind === 'success') options.onShown(purpose, page.position)
    else showFailure(page, purpose)
    return {
      problem: (isInputError(page, purpose) ? null : problemOf(page)) ?? problemOf(sync),
      pending: messages.some(({ is_synchronized }) => !is_synchronized),
      isIncomplete: !shownPage.isWhole(),
    }
  }
}

/** Whether the user's own filters caused the error; a poll in the background has no one to tell. */
function isInputError(page: MessagesResult, purpose: Purpose): page is HttpError {
  return purpose === 'action' && page.kind === 'http-error' && page.status < 500
}

function problemOf(result: ApiResult<unknown>): string | null {
  if (result.kind === 'success') return null
  return result.kind === 'no-response' ? result.problem : `The request failed: ${result.error.message}`
}
