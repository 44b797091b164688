import type { SyncStatus } from '@gitmsg/core'

/** The status as people read it, a line for each thing. */
export function describeStatus(status: SyncStatus): string {
  const { last_error: failure } = status
  const lines = [
    ['backend', status.backend],
    ['remote', status.remote ?? 'none: the local repository is the one that counts'],
    ['branch', status.branch],
    ['head', status.head ?? 'no commit yet'],
    ['pending', String(status.pending)],
    ['oldest pending', status.oldest_pending_at ?? '-'],
    ['quarantined', String(status.quarantined)],
    ['last synchronized', status.last_synchronized_at ?? 'never'],
    ...(failure ? [['last error', `${failure.code}: ${failure.message}`]] : []),
  ]
  return lines.map(([name = '', value]) => `${name.padEnd(18)} ${value}\n`).join('')
}
