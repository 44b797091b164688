import { GitSyncError } from '@gitmsg/git-sync'
import { expect, it } from 'vitest'
import { createSyncTracker } from './sync-state.js'

it('says that history was lost until nothing is pending, also after failures in between', () => {
  const tracker = createSyncTracker(() => 0)
  const code = () => tracker.current.last_error?.code
  tracker.syncing()
  tracker.historyLost()
  expect(tracker.current).toMatchObject({ state: 'syncing', last_error: { code: 'history-lost' } })
  tracker.failed(new GitSyncError('unavailable', 'down'), 1_000)
  expect(code()).toBe('unavailable')
  tracker.syncing()
  expect(code()).toBe('history-lost')
  tracker.idle()
  expect(tracker.current.last_error).toBeNull()
})
