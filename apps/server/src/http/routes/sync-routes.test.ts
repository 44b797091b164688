import { createMemoryBackend } from '@gitmsg/git-sync'
import { describe, expect, it } from 'vitest'
import { openTestServer } from '../../testing/servers/open-test-server.js'

describe('/sync', () => {
  it('returns the status to GET, and after a synchronization to POST', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'a', sender: 'b' })
    const { json } = await server.request('/sync', { method: 'POST' })
    expect(json).toEqual({
      backend: 'memory',
      remote: null,
      branch: 'main',
      head: expect.stringMatching(/^[0-9a-f]{40}$/),
      pending: 0,
      oldest_pending_at: null,
      last_synchronized_at: expect.any(String),
      state: 'idle',
      last_error: null,
      retry_at: null,
      quarantined: 0,
    })
    expect((await server.request('/sync')).json).toEqual(json)
  })
})

describe('GET /sync of a server that is held at format version 1', () => {
  it('is blocked, with the reason, once the branch is at version 2, and nothing is lost', async () => {
    const backend = createMemoryBackend()
    await using newer = await openTestServer({ backend })
    await newer.post({ content: 'a', sender: 'b', topic: 'c' })
    await newer.engine.sync()
    await using held = await openTestServer({ backend, formatVersion: 1 })
    expect((await held.post({ content: 'a', sender: 'b' })).status).toBe(201)
    const { json } = await held.request('/sync', { method: 'POST' })
    expect(json).toMatchObject({ state: 'blocked', pending: 1, last_error: { code: 'misconfigured' } })
    expect(json.last_error.message).toContain('this server is held at version 1')
    expect((await held.request('/readyz')).json).toEqual({ status: 'degraded' })
    expect((await held.request('/messages')).json).toMatchObject([{ is_synchronized: false }])
  })
})

describe('GET /sync/quarantined', () => {
  it('lists rejected messages with the reasons', async () => {
    await using server = await openTestServer({ isStandby: true })
    await server.post({ content: 'a', sender: 'b' })
    const [message] = await server.store.listMessages()
    await server.store.quarantine(message?.uid ?? '', 'declined')
    expect((await server.request('/sync/quarantined')).json).toMatchObject([
      { reason: 'declined', message: { id: 1 } },
    ])
    expect((await server.request('/messages/1')).json.sync).toEqual({
      state: 'quarantined',
      reason: 'declined',
    })
    expect((await server.request('/sync/quarantined?limit=0')).status).toBe(400)
  })
})
