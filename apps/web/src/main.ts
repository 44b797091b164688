import { createTokenForm } from './access/token-form.js'
import { createApiClient } from './api/api-client.js'
import { createExchangePanel } from './exchange/exchange-panel.js'
import { createConnection } from './live/connection.js'
import { createLook } from './live/look.js'
import { createPolling } from './live/polling.js'
import { createEmptyState } from './messages/empty-state.js'
import { createMessageList } from './messages/message-list.js'
import { matchesSearch } from './messages/message-query.js'
import { createPager } from './messages/pager.js'
import { createQuarantine } from './messages/quarantine.js'
import { createRetrieveForm } from './messages/retrieve-form.js'
import { createAnnouncer } from './page/announcer.js'
import { refreshTimes } from './page/time-element.js'
import { startSendForm } from './send/send-form.js'
import { startSyncButton } from './sync/sync-button.js'
import { createSyncPanel } from './sync/sync-panel.js'

const base = document.baseURI
const announce = createAnnouncer()
const exchangePanel = createExchangePanel(announce)
const tokenForm = createTokenForm(() => polling.now('action'))
const client = createApiClient(base, (exchange, purpose) => {
  exchangePanel.show(exchange, purpose)
  tokenForm.hear(exchange)
})

const list = createMessageList(announce)
const emptyState = createEmptyState(base, announce)
const syncPanel = createSyncPanel(announce)
const retrieveForm = createRetrieveForm(announce, (search) => {
  pager.startOver(search)
  polling.now('action')
})
const pager = createPager(retrieveForm.search(), () => polling.now('action'))
const quarantine = createQuarantine(client)
const connection = createConnection(announce, () => polling.now('polling'))

const polling = createPolling({
  look: createLook({ client, list, emptyState, pager, quarantine, retrieveForm, syncPanel }),
  onRound(round, retryAt) {
    connection.show(round, retryAt)
    syncPanel.setStale(round.problem !== null)
  },
})

startSendForm({
  client,
  announce,
  onAccepted(message) {
    if (pager.isNewest() && matchesSearch(message, pager.search())) {
      list.prepend(message)
      emptyState.show(false, false)
    }
    pager.startOver()
    polling.now('polling')
  },
})

startSyncButton(client, announce, (status) => {
  syncPanel.show(status)
  polling.now('polling')
})

setInterval(() => {
  refreshTimes()
  syncPanel.refresh()
  connection.refresh()
}, 1000)

polling.now('action')
