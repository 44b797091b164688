import type { ApiClient } from '../../api/api-client.js'
import type { SyncStatus } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { isAvailable, setBusy } from '../../page/buttons.js'
import { elementById, setText } from '../../page/elements.js'
import { relativeTime, showTime } from '../../page/relative-time.js'
import { createSyncFacts } from './sync-facts.js'
import { describeSync, isNews, STATE_LABELS } from './sync-text.js'

/** The state of synchronization. */
export interface SyncPanel {
  show(status: SyncStatus): void
  /** Marks the status as stale: the server does not respond, so it may have changed. */
  setStale(stale: boolean): void
  /** Updates the text that depends on the current time. */
  refresh(): void
}

/** Shows the sync status, and announces when trouble starts or ends. */
export function createSyncPanel(announce: Announce): SyncPanel {
  const box = elementById('sync-state', HTMLElement)
  const icon = elementById('sync-icon', SVGUseElement)
  const showFacts = createSyncFacts(announce)
  let last: { status: SyncStatus; at: Date } | null = null
  let stale = false

  function refresh(): void {
    if (!last) return
    const now = new Date()
    const sentence = stale ? `Last updated ${relativeTime(last.at, now)}.` : describeSync(last.status, now)
    setText(elementById('sync-sentence', HTMLElement), sentence)
  }

  function show(status: SyncStatus): void {
    const label = STATE_LABELS[status.state]
    if (isNews(last?.status, status)) {
      announce(`Synchronization: ${label}. ${currentError(status)?.message ?? ''}`.trimEnd())
    }
    last = { status, at: new Date() }
    box.dataset.state = status.state
    icon.setAttribute('href', `#icon-${status.state}`)
    setText(elementById('sync-word', HTMLElement), label)
    showError(status)
    showFacts(status)
    refresh()
  }

  function setStale(isStale: boolean): void {
    stale = isStale
    box.toggleAttribute('data-stale', stale)
    refresh()
  }

  return { show, setStale, refresh }
}

function showError(status: SyncStatus): void {
  const error = currentError(status)
  elementById('sync-error', HTMLElement).hidden = error === null
  if (error === null) return
  setText(elementById('sync-error-code', HTMLElement), error.code)
  setText(elementById('sync-error-message', HTMLElement), error.message)
  showTime(elementById('sync-error-at', HTMLTimeElement), error.at)
}

/** The last error, unless it has been overcome. */
function currentError({ last_error: error, state }: SyncStatus): SyncStatus['last_error'] {
  return state === 'idle' ? null : error
}

/** Starts the button that synchronizes now. `onStatus` gets the status when the sync has succeeded or failed. */
export function startSyncButton(
  client: ApiClient,
  announce: Announce,
  onStatus: (status: SyncStatus) => void,
): void {
  const button = elementById('sync-now', HTMLButtonElement)

  async function synchronize(): Promise<void> {
    if (!isAvailable(button)) return
    setBusy(button, 'Syncing…')
    const result = await client.synchronize()
    setBusy(button, null)
    if (result.kind === 'success') onStatus(result.value)
    else announce(result.kind === 'http-error' ? result.error.message : result.problem)
  }

  button.addEventListener('click', synchronize)
}
