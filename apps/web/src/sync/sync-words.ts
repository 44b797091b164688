import type { SyncState, SyncStatus } from '../api/api-types.js'

/** The states in words for people. */
export const SYNC_WORDS: Record<SyncState, string> = {
  idle: 'Idle',
  syncing: 'Syncing',
  backing_off: 'Backing off',
  blocked: 'Blocked',
}

/** One or two sentences on what the state means for the messages, true at `now`. */
export function syncSentence(status: SyncStatus, now: Date): string {
  const waiting = countMessages(status.pending)
  const safe = status.pending === 0 ? '' : ` Waiting safely here: ${waiting}.`
  switch (status.state) {
    case 'idle':
      return status.pending === 0 ? allDone(status.quarantined) : `Waiting for the next round: ${waiting}.`
    case 'syncing':
      return status.pending === 0 ? 'Looking for new commits.' : `Bringing ${waiting} into the repository.`
    case 'backing_off':
      return `The repository cannot be reached.${safe} ${nextTry(status.retry_at, now)}`.trimEnd()
    case 'blocked':
      return `The repository refuses until somebody steps in.${safe}`
  }
}

function allDone(quarantined: number): string {
  if (quarantined === 0) return 'Everything accepted is in the repository.'
  return `Everything is in the repository, except what is in quarantine: ${countMessages(quarantined)}.`
}

/** `1 message`, `1,200 messages`. */
export function countMessages(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'message' : 'messages'}`
}

function nextTry(retryAt: string | null, now: Date): string {
  if (retryAt === null) return ''
  const seconds = Math.ceil((Date.parse(retryAt) - now.getTime()) / 1000)
  return seconds > 0 ? `Next try in ${seconds}\u00A0s.` : 'Trying again now.'
}
