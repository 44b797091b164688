import type { SyncStatus } from '@gitmsg/core'
import type { Paint } from './create-paint.js'

/** The status as people read it, a line for each thing. */
export function describeStatus(status: SyncStatus, paint: Paint): string {
  const { last_error: failure, pending, quarantined } = status
  const lines = [
    ['backend', status.backend],
    ['remote', status.remote ?? 'none: the local repository is the one that counts'],
    ['branch', status.branch],
    ['head', status.head ?? 'no commit yet'],
    ['pending', paint(pending > 0 ? 'yellow' : 'green', String(pending))],
    ['oldest pending', status.oldest_pending_at ?? '-'],
    ['quarantined', paint(quarantined > 0 ? 'red' : 'green', String(quarantined))],
    ['last synchronized', status.last_synchronized_at ?? 'never'],
    ...(failure ? [['last error', paint('red', `${failure.code}: ${failure.message}`)]] : []),
  ]
  return lines.map(([name = '', value]) => `${paint('dim', name.padEnd(18))} ${value}\n`).join('')
}
