import { createApiClient } from '../api/api-client.js'
import type { SyncStatus } from '../api/api-types.js'
import type { Exchange, Purpose } from '../api/exchange.js'
import { createAnnouncer } from '../page/announcer.js'
import { refreshTimes } from '../page/relative-time.js'
import { createConnectionStatus } from './connection-status.js'
import { createExchangePanel } from './exchange-panel.js'
import { createDeleteDialog } from './messages/delete-dialog.js'
import { createEmptyState } from './messages/empty-state.js'
import { createMessageList } from './messages/message-list.js'
import { createPager } from './messages/pager.js'
import { createParents } from './messages/parents.js'
import { createQuarantine } from './messages/quarantine.js'
import { createRetrieveForm } from './messages/retrieve-form.js'
import { createPolling, type PollResult } from './polling.js'
import { createRefresh } from './refresh.js'
import { startSendForm } from './send/send-form.js'
import { createSyncPanel, startSyncButton } from './sync/sync-panel.js'
import { createTokenForm } from './token-form.js'
import { createTopicList } from './topics/topic-list.js'
import { type Place, placeOfList } from './view/place.js'
import { createView } from './view/view.js'

const CLOCK_INTERVAL_MS = 1000

const base = document.baseURI
const announce = createAnnouncer()
const exchangePanel = createExchangePanel(announce)
const tokenForm = createTokenForm(pollForUser)
const client = createApiClient(base, showExchange)

const sendForm = startSendForm({ client, announce, onAccepted: showAccepted })
const deleteDialog = createDeleteDialog({ client, announce, onDeleted: pollInBackground })
const list = createMessageList({
  client,
  announce,
  sender: sendForm.sender,
  askForSender: sendForm.askForSender,
  onChanged: pollInBackground,
  onReply: sendForm.replyTo,
  onDelete: deleteDialog.open,
})
const emptyState = createEmptyState(base, announce)
const syncPanel = createSyncPanel(announce)
const retrieveForm = createRetrieveForm(announce, retrieve)
const topicList = createTopicList(client)
const view = createView(goTo)
const pager = createPager(listAt(view.place()), pollForUser)
const connectionStatus = createConnectionStatus(announce, pollInBackground)
const refresh = createRefresh({
  ...{ client, list, emptyState, pager, retrieveForm, syncPanel },
  parents: createParents(client),
  quarantine: createQuarantine(client),
  onShown: showShown,
  onRejected: showRejected,
  onUnauthorized: clearScreen,
})
const polling = createPolling(refresh, showPollResult)

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

/** The path and query of the messages at a place; fills in the topic in the form, whose other filters stay. */
function listAt(place: Place): string {
  if (place.kind === 'thread') return `messages/${place.key}/thread`
  retrieveForm.setTopic(place.kind === 'topic' ? place.topic : '')
  return `messages${retrieveForm.search()}`
}

function goTo(place: Place): void {
  pager.startOver(listAt(place))
  pollForUser()
}

function retrieve(search: string): void {
  pager.startOver(`messages${search}`)
  view.replace(placeOfList(search))
  pollForUser()
}

/** In a thread, the message that was followed to is marked. */
function showShown(purpose: Purpose): void {
  const place = view.place()
  if (purpose === 'action') list.mark(place.kind === 'thread' ? place.key : null)
}

function showRejected(): void {
  const isThread = view.place().kind === 'thread'
  if (isThread) pager.startOver(listAt({ kind: 'list' }))
  view.replace(placeOfList(pager.target()))
  if (isThread) pollInBackground()
}

/** Nothing that came from the server stays. */
function clearScreen(): void {
  list.clear()
  topicList.clear()
  sendForm.replyTo(null)
  deleteDialog.close()
}

function showPollResult(result: PollResult, nextPollAt: Date): void {
  connectionStatus.show(result.problem, nextPollAt)
  syncPanel.setStale(result.problem !== null)
}

function showAccepted(): void {
  if (view.place().kind !== 'thread') pager.startOver()
  topicList.refresh()
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
