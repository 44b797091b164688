import { createApiClient } from '../api/api-client.js'
import type { Message, SyncStatus } from '../api/api-types.js'
import type { Exchange, Purpose } from '../api/exchange.js'
import { createAnnouncer } from '../page/announcer.js'
import { refreshTimes } from '../page/relative-time.js'
import { createConnectionStatus } from './connection-status.js'
import { createExchangePanel } from './exchange-panel.js'
import { createEmptyState } from './messages/empty-state.js'
import { createMessageList } from './messages/message-list.js'
import { matchesSearch } from './messages/message-query.js'
import { createPager } from './messages/pager.js'
import { createQuarantine } from './messages/quarantine.js'
import { createRetrieveForm } from './messages/retrieve-form.js'
import { createPolling, type PollResult } from './polling.js'
import { createRefresh } from './refresh.js'
import { startSendForm } from './send/send-form.js'
import { createSyncPanel, startSyncButton } from './sync/sync-panel.js'
import { createTokenForm } from './token-form.js'

const CLOCK_INTERVAL_MS = 1000

const base = document.baseURI
const announce = createAnnouncer()
const exchangePanel = createExchangePanel(announce)
const tokenForm = createTokenForm(pollForUser)
const client = createApiClient(base, showExchange)

const list = createMessageList(announce)
const emptyState = createEmptyState(base, announce)
const syncPanel = createSyncPanel(announce)
const retrieveForm = createRetrieveForm(announce, retrieve)
const pager = createPager(retrieveForm.search(), pollForUser)
const quarantine = createQuarantine(client)
const connectionStatus = createConnectionStatus(announce, pollInBackground)
const refresh = createRefresh({ client, list, emptyState, pager, quarantine, retrieveForm, syncPanel })
const polling = createPolling(refresh, showPollResult)

startSendForm({ client, announce, onAccepted: showAccepted })
startSyncButton(client, announce, showSynchronized)
setInterval(updateRelativeTimes, CLOCK_INTERVAL_MS)
pollForUser()

function pollForUser(): void {
  polling.pollNow('action')
}

function pollInBackground(): void {
  polling.pollNow('polling')
}

function showExchange(exchange: Exchange, purpose: Purpose): void {
  exchangePanel.show(exchange, purpose)
  tokenForm.update(exchange)
}

function retrieve(search: string): void {
  pager.startOver(search)
  pollForUser()
}

function showPollResult(result: PollResult, nextPollAt: Date): void {
  connectionStatus.show(result.problem, nextPollAt)
  syncPanel.setStale(result.problem !== null)
}

function showAccepted(message: Message): void {
  if (pager.isNewest() && matchesSearch(message, pager.search())) {
    list.prepend(message)
    emptyState.show(false, false)
  }
  pager.startOver()
  pollInBackground()
}

function showSynchronized(status: SyncStatus): void {
  syncPanel.show(status)
  pollInBackground()
}

function updateRelativeTimes(): void {
  refreshTimes()
  syncPanel.refresh()
  connectionStatus.refresh()
}
