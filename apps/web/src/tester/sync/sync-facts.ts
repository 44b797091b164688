import type { SyncStatus } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'
import { startHashButton } from '../../page/buttons.js'
import { elementById, setText } from '../../page/elements.js'
import { relativeTime, showTime } from '../../page/relative-time.js'

/** Shows the figures below the state: remote, branch, head, pending messages. Returns the function to update them. */
export function createSyncFacts(announce: Announce): (status: SyncStatus) => void {
  const showHead = startHashButton(elementById('sync-head', HTMLButtonElement), announce)

  return function showFacts(status) {
    setTextOf('sync-remote', status.remote ?? 'Local only')
    setTextOf('sync-branch', status.branch)
    setTextOf('sync-pending', describePending(status))
    setTextOf('sync-quarantined', status.quarantined.toLocaleString('en'))
    elementById('sync-quarantined-fact', HTMLElement).hidden = status.quarantined === 0
    elementById('sync-no-head', HTMLElement).hidden = status.head !== null
    if (status.head === null) setTextOf('sync-no-head', 'No commits yet')
    else showHead(status.head)
    if (status.last_synchronized_at === null) setTextOf('sync-last', 'Never')
    else showTime(elementById('sync-last', HTMLTimeElement), status.last_synchronized_at)
  }
}

function setTextOf(id: string, text: string): void {
  setText(elementById(id, HTMLElement), text)
}

function describePending({ pending, oldest_pending_at: oldest }: SyncStatus): string {
  const count = pending.toLocaleString('en')
  return pending === 0 || oldest === null
    ? count
    : `${count}, oldest ${relativeTime(new Date(oldest), new Date())}`
}
