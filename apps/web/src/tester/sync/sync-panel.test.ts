import { expect, it, vi } from 'vitest'
import type { ApiClient } from '../../api/api-client.js'
import type { SyncStatus } from '../../api/api-types.js'
import { openFakePage } from '../../testing/fake-page.js'
import { createSyncPanel, startSyncButton } from './sync-panel.js'

const IDLE: SyncStatus = {
  backend: 'local',
  remote: null,
  branch: 'main',
  head: null,
  pending: 0,
  oldest_pending_at: null,
  last_synchronized_at: null,
  state: 'idle',
  last_error: null,
  retry_at: null,
  quarantined: 0,
}
const BLOCKED: SyncStatus = {
  ...IDLE,
  state: 'blocked',
  head: '0123456789abcdef0123456789abcdef01234567',
  last_error: { code: 'unauthorized', message: 'permission denied', at: '2025-01-09T00:00:00Z' },
}

it('shows the state, its meaning and the facts', () => {
  const { element } = openFakePage()
  createSyncPanel(() => {}).show(IDLE)
  expect(element('sync-state').dataset.state).toBe('idle')
  expect(element('sync-icon').getAttribute('href')).toBe('#icon-idle')
  expect(element('sync-sentence').textContent).toBe('All messages are in the repository.')
  expect(element('sync-remote').textContent).toBe('Local only')
  expect(element('sync-no-head').textContent).toBe('No commits yet')
  expect(element('sync-last').textContent).toBe('Never')
  expect(element('sync-error').hidden).toBe(true)
})

it('shows and announces an error that stops synchronization, and its end', () => {
  const { element } = openFakePage()
  const announce = vi.fn()
  const panel = createSyncPanel(announce)
  panel.show(BLOCKED)
  expect(element('sync-error').hidden).toBe(false)
  expect(element('sync-error-message').textContent).toBe('permission denied')
  expect(element('sync-head').part('label').textContent).toBe('0123456')
  panel.show({ ...IDLE, last_error: BLOCKED.last_error })
  expect(element('sync-error').hidden).toBe(true)
  expect(announce.mock.calls.map(([text]) => text)).toEqual([
    'Synchronization: Blocked. permission denied',
    'Synchronization: Idle.',
  ])
})

it('shows the age of the status while it is stale', () => {
  const { element } = openFakePage()
  const panel = createSyncPanel(() => {})
  panel.show(IDLE)
  panel.setStale(true)
  expect(element('sync-sentence').textContent).toBe('Last updated now.')
  panel.setStale(false)
  expect(element('sync-sentence').textContent).toBe('All messages are in the repository.')
})

it('synchronizes on click, and reports an error', async () => {
  const { element } = openFakePage()
  const error = { code: 'forbidden', message: 'The token lacks the scope.' }
  const synchronize = vi
    .fn<ApiClient['synchronize']>()
    .mockResolvedValueOnce({ kind: 'success', value: IDLE, next: null, position: null })
    .mockResolvedValueOnce({ kind: 'http-error', status: 403, error })
  const [announce, onStatus] = [vi.fn(), vi.fn()]
  startSyncButton({ synchronize } as unknown as ApiClient, announce, onStatus)
  element('sync-now').dispatchEvent(new Event('click'))
  element('sync-now').dispatchEvent(new Event('click'))
  await vi.waitFor(() => expect(onStatus).toHaveBeenCalledWith(IDLE))
  expect(synchronize).toHaveBeenCalledTimes(1)
  element('sync-now').dispatchEvent(new Event('click'))
  await vi.waitFor(() => expect(announce).toHaveBeenCalledWith('The token lacks the scope.'))
})
