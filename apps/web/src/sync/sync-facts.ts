import type { SyncStatus } from '../api/api-types.js'
import type { Announce } from '../page/announcer.js'
import { elementById, setText } from '../page/elements.js'
import { startHashButton } from '../page/hash-button.js'
import { relativeTime } from '../page/relative-time.js'
import { showTime } from '../page/time-element.js'

/** The facts below the state: where the repository is, its head, what waits. */
export function createSyncFacts(announce: Announce) {
  const showHead = startHashButton(elementById('sync-head', HTMLButtonElement), announce)
  const say = (id: string, text: string) => setText(elementById(id, HTMLElement), text)

  return {
    show(status: SyncStatus): void {
      say('sync-remote', status.remote ?? 'This machine only')
      say('sync-branch', status.branch)
      say('sync-pending', describePending(status))
      say('sync-quarantined', status.quarantined.toLocaleString('en'))
      elementById('sync-quarantined-fact', HTMLElement).hidden = status.quarantined === 0
      elementById('sync-no-head', HTMLElement).hidden = status.head !== null
      if (status.head === null) say('sync-no-head', 'No commit yet')
      else showHead(status.head)
      if (status.last_synchronized_at === null) say('sync-last', 'Never')
      else showTime(elementById('sync-last', HTMLTimeElement), status.last_synchronized_at)
    },
  }
}

function describePending({ pending, oldest_pending_at: oldest }: SyncStatus): string {
  const count = pending.toLocaleString('en')
  return pending === 0 || oldest === null
    ? count
    : `${count}, oldest ${relativeTime(new Date(oldest), new Date())}`
}
