import type { SyncStatus } from '../api/api-types.js'
import type { Announce } from '../page/announcer.js'
import { elementById, setText } from '../page/elements.js'
import { relativeTime } from '../page/relative-time.js'
import { showTime } from '../page/time-element.js'
import { createSyncFacts } from './sync-facts.js'
import { SYNC_WORDS, syncSentence } from './sync-words.js'

/** The state of synchronization. */
export interface SyncPanel {
  show(status: SyncStatus): void
  /** The server is silent: what is shown may no longer be so. */
  setStale(stale: boolean): void
  /** Rewrites the words that depend on the time. */
  refresh(): void
}

/** Shows the answers of `/sync`, and announces when the state becomes another. */
export function createSyncPanel(announce: Announce): SyncPanel {
  const box = elementById('sync-state', HTMLElement)
  const icon = elementById('sync-icon', SVGUseElement)
  const facts = createSyncFacts(announce)
  let last: { status: SyncStatus; at: Date } | null = null
  let stale = false

  function refresh(): void {
    if (!last) return
    const now = new Date()
    const sentence = stale ? `As heard ${relativeTime(last.at, now)}.` : syncSentence(last.status, now)
    setText(elementById('sync-sentence', HTMLElement), sentence)
  }

  function show(status: SyncStatus): void {
    const word = SYNC_WORDS[status.state]
    if (isNews(last?.status, status))
      announce(`Synchronization: ${word}. ${status.last_error?.message ?? ''}`)
    last = { status, at: new Date() }
    box.dataset.state = status.state
    icon.setAttribute('href', `#icon-${status.state}`)
    setText(elementById('sync-word', HTMLElement), word)
    showError(status)
    facts.show(status)
    refresh()
  }

  return {
    show,
    setStale(isStale) {
      stale = isStale
      box.toggleAttribute('data-stale', stale)
      refresh()
    },
    refresh,
  }
}

/** Going from idle to syncing and back is the daily round; only trouble and its end are news. */
function isNews(before: SyncStatus | undefined, after: SyncStatus): boolean {
  const troubled = ({ state }: SyncStatus) => state === 'backing_off' || state === 'blocked'
  if (!before) return troubled(after)
  return before.state !== after.state && (troubled(before) || troubled(after))
}

function showError({ last_error: error, state }: SyncStatus): void {
  // An error that was overcome is history.
  const shown = error !== null && state !== 'idle'
  elementById('sync-error', HTMLElement).hidden = !shown
  if (!shown) return
  setText(elementById('sync-error-code', HTMLElement), error.code)
  setText(elementById('sync-error-message', HTMLElement), error.message)
  showTime(elementById('sync-error-at', HTMLTimeElement), error.at)
}
