import { expect, it, vi } from 'vitest'
import type { SyncStatus } from '../api/api-types.js'
import { httpError, success } from '../testing/row-context.js'
import { sampleMessage } from '../testing/sample-message.js'
import { createRefresh, type RefreshOptions } from './refresh.js'

const MESSAGE = sampleMessage()
const SYNC = { state: 'idle', quarantined: 2 } as SyncStatus
const POSITION = { epoch: 'e', position: 7 }
const { signal } = new AbortController()

type Client = RefreshOptions['client']

const openRefresh = (client: Partial<Client> = {}, isListening = false) => {
  const load = { show: vi.fn(async () => {}), end: vi.fn() }
  const parts = {
    client: {
      retrieve: async () => ({ ...success([MESSAGE], '?before=1'), position: POSITION }),
      syncStatus: async () => success(SYNC),
      ...client,
    } satisfies Client,
    shownPage: { load: () => load, isWhole: vi.fn(() => true) },
    pager: { target: () => 'messages', goBack: vi.fn() },
    retrieveForm: { showError: vi.fn() },
    syncPanel: { show: vi.fn() },
    isListening: () => isListening,
    onShown: vi.fn(),
    onRejected: vi.fn(),
    onDenied: vi.fn(),
  }
  return { ...parts, load, refresh: createRefresh(parts) }
}
const failing = (status: number) => async () => httpError(status, 'no')

it('refresh() shows the page and the sync status', async () => {
  const { refresh, load, syncPanel, onShown } = openRefresh()
  expect(await refresh('polling', signal)).toEqual({ problem: null, pending: true, isIncomplete: false })
  const page = {
    ...{ target: 'messages', messages: [MESSAGE], next: '?before=1' },
    ...{ position: POSITION, isWhole: true },
  }
  expect(load.show).toHaveBeenCalledWith(expect.objectContaining(page), { quarantined: 2, signal })
  expect(load.end).toHaveBeenCalled()
  expect(onShown).toHaveBeenCalledWith('polling', POSITION)
  expect(syncPanel.show).toHaveBeenCalledWith(SYNC)
})

it('refresh() does not show a sync status that may be older than that of the live channel', async () => {
  const { refresh, syncPanel } = openRefresh({}, true)
  await refresh('polling', signal)
  expect(syncPanel.show).not.toHaveBeenCalled()
})

it('refresh() asks for another poll if the page has changed meanwhile', async () => {
  const { refresh, shownPage } = openRefresh()
  shownPage.isWhole.mockReturnValue(false)
  expect((await refresh('polling', signal)).isIncomplete).toBe(true)
})

it('refresh() shows an error of the user at the form and keeps the page that was shown', async () => {
  const { refresh, load, pager, retrieveForm, onRejected } = openRefresh({ retrieve: failing(400) })
  expect((await refresh('action', signal)).problem).toBeNull()
  expect(retrieveForm.showError).toHaveBeenCalledWith(httpError(400, 'no').error)
  expect(pager.goBack).toHaveBeenCalled()
  expect(onRejected).toHaveBeenCalled()
  expect(load.show).not.toHaveBeenCalled()
  expect(load.end).toHaveBeenCalled()
})

it('refresh() reports a failed background poll as a problem', async () => {
  const { refresh, retrieveForm } = openRefresh({ retrieve: failing(503) })
  expect((await refresh('polling', signal)).problem).toBe('The request failed: no.')
  expect(retrieveForm.showError).not.toHaveBeenCalled()
})

it.each([401, 403])('refresh() reports that access was denied: %i', async (status) => {
  const { refresh, onDenied } = openRefresh({ retrieve: failing(status) })
  await refresh('polling', signal)
  expect(onDenied).toHaveBeenCalledWith(status)
})

it('refresh() reports a server that cannot be reached', async () => {
  const syncStatus = async () => ({ kind: 'no-response' as const, problem: 'The request timed out' })
  const { refresh, syncPanel } = openRefresh({ syncStatus })
  expect((await refresh('polling', signal)).problem).toBe('The request timed out')
  expect(syncPanel.show).not.toHaveBeenCalled()
})

it('refresh() shows nothing once it is aborted', async () => {
  const { refresh, load, syncPanel, onShown } = openRefresh()
  await refresh('polling', AbortSignal.abort())
  expect(load.end).toHaveBeenCalled()
  expect(onShown).not.toHaveBeenCalled()
  expect(syncPanel.show).not.toHaveBeenCalled()
})
