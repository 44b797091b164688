import type { SyncState, SyncStatus } from '../../api/api-types.js'

/** The states as the page shows them. */
export const STATE_LABELS: Record<SyncState, string> = {
  idle: 'Idle',
  syncing: 'Syncing',
  backing_off: 'Backing off',
  blocked: 'Blocked',
}

/** What the status means for the messages at `now`, in one to three sentences. */
export function describeSync(status: SyncStatus, now: Date): string {
  const messages = countMessages(status.pending)
  const are = status.pending === 1 ? 'is' : 'are'
  const stored = status.pending === 0 ? '' : ` ${messages} ${are} stored safely and waiting.`
  switch (status.state) {
    case 'idle':
      return status.pending === 0
        ? describeIdle(status.quarantined)
        : `${messages} ${are} waiting for the next sync.`
    case 'syncing':
      return status.pending === 0 ? 'Checking for new commits.' : `Committing ${messages} to the repository.`
    case 'backing_off':
      return `The repository cannot be reached.${stored} ${describeRetry(status.retry_at, now)}`.trimEnd()
    case 'blocked':
      return `The repository rejects changes until someone intervenes.${stored}`
  }
}

function describeIdle(quarantined: number): string {
  if (quarantined === 0) return 'All messages are in the repository.'
  return `All messages are in the repository, except ${countMessages(quarantined)} in quarantine.`
}

function describeRetry(retryAt: string | null, now: Date): string {
  if (retryAt === null) return ''
  const seconds = Math.ceil((Date.parse(retryAt) - now.getTime()) / 1000)
  return seconds > 0 ? `Retrying in ${seconds}\u00A0s.` : 'Retrying now.'
}

/** `1 message`, `1,200 messages`. */
export function countMessages(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'message' : 'messages'}`
}

/** Whether the change is worth an announcement: idle and syncing alternate all the time, trouble does not. */
export function isNews(before: SyncStatus | undefined, after: SyncStatus): boolean {
  if (!before) return isTrouble(after)
  return before.state !== after.state && (isTrouble(before) || isTrouble(after))
}

function isTrouble({ state }: SyncStatus): boolean {
  return state === 'backing_off' || state === 'blocked'
}
