import type { LiveStatus } from '@gitmsg/client'
import { createAccountClient } from '../api/account-client.js'
import { createApiClient } from '../api/api-client.js'
import type { MessageDetails, Position, SyncStatus } from '../api/api-types.js'
import { watchArrivals } from '../api/arriving-secret.js'
import type { Exchange, Purpose } from '../api/exchange.js'
import { createAnnouncer } from '../page/announcer.js'
import { refreshTimes } from '../page/relative-time.js'
import { startAccounts } from './accounts/accounts.js'
import { createTokenForm } from './accounts/token-form.js'
import { createConnectionStatus } from './connection-status.js'
import { createExchangePanel } from './exchange/exchange-panel.js'
import { createFramePanel } from './exchange/frame-panel.js'
import { createListening } from './live/listening.js'
import { createDeleteDialog } from './messages/delete-dialog.js'
import { createEmptyState } from './messages/empty-state.js'
import { createMessageList } from './messages/message-list.js'
import { createNews } from './messages/news.js'
import { createPager } from './messages/pager.js'
import { createParents } from './messages/parents.js'
import { createQuarantine } from './messages/quarantine.js'
import { createRetrieveForm } from './messages/retrieve-form.js'
import { createShownPage } from './messages/shown-page.js'
import { createPolling, type PollResult } from './polling.js'
import { createRefresh } from './refresh.js'
import { createSearchPanel } from './search/search-panel.js'
import { startSendForm } from './send/send-form.js'
import { createSyncPanel, startSyncButton } from './sync/sync-panel.js'
import { createTopicList } from './topics/topic-list.js'
import { type Place, placeOfList } from './view/place.js'
import { createView } from './view/view.js'

const CLOCK_INTERVAL_MS = 1000

let wasLive = false
/** Whether the page of the place that a link leads to is yet to be shown. */
let isArriving = true

const base = document.baseURI
const announce = createAnnouncer()
const exchangePanel = createExchangePanel(announce)
const framePanel = createFramePanel(nextPaint)
const tokenForm = createTokenForm(useToken)
const client = createApiClient(base, showExchange)
const accountClient = createAccountClient(base, showExchange)
const accounts = startAccounts({
  ...{ client: accountClient, announce, tokenForm },
  onAccount: showAccount,
  onSession: useSession,
  onPublished: () => showChange(),
})

const sendForm = startSendForm({ client, announce, onAccepted: showAccepted })
const deleteDialog = createDeleteDialog({ client, announce, onDeleted: () => showChange() })
const news = createNews(announce)
const rowContext = {
  client,
  announce,
  sender: sendForm.sender,
  askForSender: sendForm.askForSender,
  onChanged: showChange,
  onReply: sendForm.replyTo,
  onDelete: deleteDialog.open,
  ...{ canReport: accounts.isSignedIn, report: accountClient.report },
}
const list = createMessageList(rowContext, news)
const emptyState = createEmptyState(base, announce)
const syncPanel = createSyncPanel(announce)
const retrieveForm = createRetrieveForm(announce, retrieve)
const topicList = createTopicList(client)
const view = createView(goTo)
const pager = createPager(listAt(view.place()), pollForUser)
const searchPanel = createSearchPanel({ client, announce, list: pager.target })
const connectionStatus = createConnectionStatus(announce, pollInBackground)
const shownPage = createShownPage({
  ...{ list, emptyState, pager, news },
  parents: createParents(client),
  quarantine: createQuarantine(client),
  sender: sendForm.sender,
  nextPaint,
  onIncomplete: () => polling.pollSoon(),
})
const listening = createListening({
  base,
  onFrame: framePanel.show,
  onChanges: shownPage.change,
  onSync: syncPanel.show,
  onReset: pollInBackground,
  onStatus: showChannel,
})
const polling = createPolling({
  poll: createRefresh({
    ...{ client, shownPage, pager, retrieveForm, syncPanel },
    isListening: listening.isLive,
    onShown: showShown,
    onRejected: showRejected,
    onDenied: showDenied,
  }),
  isListening: listening.isLive,
  onResult: showPollResult,
})

startSyncButton(client, announce, showSynchronized)
setInterval(updateRelativeTimes, CLOCK_INTERVAL_MS)
watchArrivals(accounts.arrive)
pollForUser()

/** While the page is in the background, that is when it is in the foreground again. */
function nextPaint(): Promise<unknown> {
  return new Promise(requestAnimationFrame)
}

function pollForUser(): void {
  polling.pollNow('action')
}

function pollInBackground(): void {
  polling.pollNow('polling')
}

function showExchange(exchange: Exchange, purpose: Purpose): void {
  exchangePanel.show(exchange, purpose)
  accounts.update(exchange)
}

/** The path and query of the messages at a place; fills in the topic in the form, whose other filters stay. */
function listAt(place: Place): string {
  if (place.kind === 'thread') return `messages/${place.key}/thread`
  retrieveForm.setTopic(place.kind === 'topic' ? place.topic : '')
  return `messages${retrieveForm.search()}`
}

function goTo(place: Place): void {
  isArriving = true
  pager.startOver(listAt(place))
  pollForUser()
}

function retrieve(search: string): void {
  pager.startOver(`messages${search}`)
  view.replace(placeOfList(search))
  pollForUser()
}

/** The page listens from its place in the feed on. In a thread, the message that was followed to is marked. */
function showShown(purpose: Purpose, position: Position | null): void {
  if (position) listening.start(position)
  if (purpose !== 'action') return
  const place = view.place()
  const key = place.kind === 'thread' ? place.key : null
  const isThere = list.mark(key)
  const hasToSkip = isArriving && !isThere && pager.hasNext() && Number(key) > 1
  isArriving = false
  if (!hasToSkip) return
  pager.skipTo(Number(key) - 1)
  pollForUser()
}

function showRejected(): void {
  const isThread = view.place().kind === 'thread'
  if (isThread) pager.startOver(listAt({ kind: 'list' }))
  view.replace(placeOfList(pager.target()))
  if (isThread) pollInBackground()
}

function useToken(): void {
  listening.stop()
  pollForUser()
}

function useSession(): void {
  const place = view.place()
  pager.startOver(listAt(place))
  listening.stop()
  // The exchange that is shown stays that of signing in, unless a link leads to a message.
  if (place.kind === 'thread') pollForUser()
  else pollInBackground()
}

/** The page of someone who has not signed in shows nothing and asks for nothing. */
function showAccount(handle: string | null): void {
  sendForm.useHandle(handle)
  if (handle !== null) return
  polling.pause()
  listening.stop()
  clearScreen()
  exchangePanel.forget()
  connectionStatus.showSignedOut()
  // Without the error of the request that was denied.
  listAt(view.place())
}

/** The page listens again once the server lets it read. */
function showDenied(status: number): void {
  listening.stop()
  if (status === 401) clearScreen()
}

/** Nothing that came from the server stays. */
function clearScreen(): void {
  shownPage.clear()
  framePanel.clear()
  topicList.clear()
  searchPanel.clear()
  sendForm.replyTo(null)
  deleteDialog.close()
}

function showChannel(status: LiveStatus): void {
  const { state, error } = status
  connectionStatus.showChannel(status)
  if (state === 'stopped' && error?.status === 401) {
    clearScreen()
    accounts.deny()
  }
  if (state === 'live') polling.rest()
  else if (wasLive && state !== 'closed') pollInBackground()
  wasLive = state === 'live'
}

function showPollResult(result: PollResult, nextPollAt: Date | null): void {
  connectionStatus.showPoll(result.problem, nextPollAt)
  syncPanel.setStale(result.problem !== null)
}

/** What the user has changed arrives by itself if the page listens. */
function showChange(saved?: MessageDetails): void {
  void shownPage.update(saved)
  if (!listening.isLive()) pollInBackground()
}

/** A new message is on the first page of a list. */
function showAccepted(): void {
  const shown = pager.target()
  if (view.place().kind !== 'thread') pager.startOver()
  topicList.refresh()
  if (pager.target() === shown) showChange()
  else pollInBackground()
}

function showSynchronized(status: SyncStatus): void {
  syncPanel.show(status)
  showChange()
}

function updateRelativeTimes(): void {
  refreshTimes()
  syncPanel.refresh()
  connectionStatus.refresh()
}
