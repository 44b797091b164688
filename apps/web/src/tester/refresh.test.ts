import { expect, it, vi } from 'vitest'
import type { SyncStatus } from '../api/api-types.js'
import { sampleMessage } from '../testing/sample-message.js'
import { createRefresh, type RefreshOptions } from './refresh.js'

const MESSAGE = sampleMessage()
const SYNC = { state: 'idle', quarantined: 0 } as SyncStatus
const ERROR = { code: 'invalid_parameter', message: 'limit must be at least 1.', field: 'limit' }
const { signal } = new AbortController()

type Client = RefreshOptions['client']

const openRefresh = (client: Partial<Client> = {}, target = 'messages') => {
  const parts = {
    client: {
      retrieve: async () => ({ kind: 'success', value: [MESSAGE], next: '?before=1' }),
      syncStatus: async () => ({ kind: 'success', value: SYNC, next: null }),
      ...client,
    } satisfies Client,
    list: { show: vi.fn() },
    emptyState: { show: vi.fn() },
    parents: { of: async () => new Map() },
    pager: { target: () => target, showPage: vi.fn(), goBack: vi.fn() },
    quarantine: { reasonsAmong: async () => new Map<number, string>() },
    retrieveForm: { showError: vi.fn() },
    syncPanel: { show: vi.fn() },
    onShown: vi.fn(),
    onRejected: vi.fn(),
    onUnauthorized: vi.fn(),
  }
  return { ...parts, refresh: createRefresh(parts) }
}

const httpError = (status: number) => async () => ({ kind: 'http-error' as const, status, error: ERROR })

it('refresh() shows the messages, the page and the sync status', async () => {
  const { refresh, list, emptyState, pager, syncPanel, onShown } = openRefresh()
  expect(await refresh('polling', signal)).toEqual({ problem: null, pending: true })
  expect(list.show).toHaveBeenCalledWith([MESSAGE], { reasons: new Map(), parents: new Map() })
  expect(onShown).toHaveBeenCalledWith('polling')
  expect(pager.showPage).toHaveBeenCalledWith(1, '?before=1')
  expect(emptyState.show).toHaveBeenCalledWith(false, false)
  expect(syncPanel.show).toHaveBeenCalledWith(SYNC)
})

it.each([
  ['messages?limit=10', false],
  ['messages?limit=10&sender=bob', true],
])('refresh() tells an empty list from a filtered one: %s', async (target, filtered) => {
  const retrieve = async () => ({ kind: 'success' as const, value: [], next: null })
  const { refresh, emptyState } = openRefresh({ retrieve }, target)
  await refresh('action', signal)
  expect(emptyState.show).toHaveBeenCalledWith(true, filtered)
})

it('refresh() shows an error of the user at the form and keeps the page that was shown', async () => {
  const { refresh, list, pager, retrieveForm, onRejected } = openRefresh({ retrieve: httpError(400) })
  expect(await refresh('action', signal)).toEqual({ problem: null, pending: false })
  expect(retrieveForm.showError).toHaveBeenCalledWith(ERROR)
  expect(pager.goBack).toHaveBeenCalled()
  expect(onRejected).toHaveBeenCalled()
  expect(list.show).not.toHaveBeenCalled()
})

it('refresh() reports a failed background poll as a problem', async () => {
  const { refresh, retrieveForm } = openRefresh({ retrieve: httpError(503) })
  const { problem } = await refresh('polling', signal)
  expect(problem).toBe('The request failed: limit must be at least 1.')
  expect(retrieveForm.showError).not.toHaveBeenCalled()
})

it('refresh() reports that the access token is no longer valid', async () => {
  const { refresh, onUnauthorized } = openRefresh({ retrieve: httpError(401) })
  await refresh('polling', signal)
  expect(onUnauthorized).toHaveBeenCalled()
})

it('refresh() reports a server that cannot be reached', async () => {
  const syncStatus = async () => ({ kind: 'no-response' as const, problem: 'The request timed out' })
  const { refresh, syncPanel } = openRefresh({ syncStatus })
  expect((await refresh('polling', signal)).problem).toBe('The request timed out')
  expect(syncPanel.show).not.toHaveBeenCalled()
})

it('refresh() shows nothing once it is aborted', async () => {
  const { refresh, list, syncPanel } = openRefresh()
  await refresh('polling', AbortSignal.abort())
  expect(list.show).not.toHaveBeenCalled()
  expect(syncPanel.show).not.toHaveBeenCalled()
})
