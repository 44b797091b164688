import type { ApiClient } from '../api/api-client.js'
import type { Answer, Message } from '../api/api-types.js'
import type { Purpose } from '../api/exchange.js'
import type { EmptyState } from '../messages/empty-state.js'
import type { MessageList } from '../messages/message-list.js'
import type { Pager } from '../messages/pager.js'
import type { Quarantine } from '../messages/quarantine.js'
import type { RetrieveForm } from '../messages/retrieve-form.js'
import type { SyncPanel } from '../sync/sync-panel.js'
import type { Round } from './polling.js'

interface LookOptions {
  readonly client: ApiClient
  readonly list: MessageList
  readonly emptyState: EmptyState
  readonly pager: Pager
  readonly quarantine: Quarantine
  readonly retrieveForm: RetrieveForm
  readonly syncPanel: SyncPanel
}

/** One look at the server: the page of messages wanted and the state of synchronization, shown together. */
export function createLook(options: LookOptions): (purpose: Purpose, signal: AbortSignal) => Promise<Round> {
  const { client, list, emptyState, pager, quarantine, retrieveForm, syncPanel } = options

  return async (purpose, signal) => {
    const search = pager.search()
    const [page, sync] = await Promise.all([
      client.retrieve(search, purpose, signal),
      client.syncStatus(signal),
    ])
    const quarantined = sync.kind === 'success' ? sync.value.quarantined : 0
    const messages = page.kind === 'success' ? page.value : []
    const reasons = await quarantine.reasonsAmong(messages, quarantined, signal)
    if (signal.aborted) return { problem: null, pending: false }

    if (sync.kind === 'success') syncPanel.show(sync.value)
    if (page.kind === 'success') {
      list.show(messages, reasons)
      pager.arrived(messages.length, page.link)
      emptyState.show(messages.length === 0, isFiltered(search))
    } else {
      if (isShutOut(page)) list.show([], new Map())
      if (isUsersFault(page, purpose)) {
        pager.refused()
        retrieveForm.showError(page.error)
      }
    }
    const problem = (isUsersFault(page, purpose) ? null : problemOf(page)) ?? problemOf(sync)
    return { problem, pending: messages.some(({ is_synchronized }) => !is_synchronized) }
  }
}

type Refusal = Extract<Answer<Message[]>, { kind: 'refused' }>

function isUsersFault(page: Answer<Message[]>, purpose: Purpose): page is Refusal {
  return purpose === 'action' && page.kind === 'refused' && page.status < 500
}

/** Whether the access token is missing, or valid no longer: then nothing stays on the screen. */
const isShutOut = (page: Answer<Message[]>): boolean => page.kind === 'refused' && page.status === 401

function problemOf(answer: Answer<unknown>): string | null {
  if (answer.kind === 'success') return null
  return answer.kind === 'unanswered' ? answer.problem : `The server refuses: ${answer.error.message}`
}

/** Whether the query asks for less than everything. */
function isFiltered(search: string): boolean {
  return [...new URLSearchParams(search).keys()].some((name) => name !== 'limit')
}
