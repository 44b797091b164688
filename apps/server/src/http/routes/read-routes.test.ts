import { describe, expect, it } from 'vitest'
import { expectHttpError } from '../../testing/expect-http-error.js'
import { openRawServer } from '../../testing/open-raw-server.js'
import { openTestServer } from '../../testing/open-test-server.js'

describe('GET /messages/:key', () => {
  // Covers IN-43
  it('returns a message by id or uid, with its path and synchronization state', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'a', sender: 'b', timestamp: '2025-01-09T01:06:41+01:00' })
    await server.engine.sync()
    const { json } = await server.request('/messages/1')
    expect(json).toMatchObject({
      timestamp: '2025-01-09T00:06:41.000Z',
      path: `messages/00/00/00/${json.uid}.json`,
      sync: { state: 'synchronized' },
    })
    expect((await server.request(`/messages/${json.uid}`)).json).toEqual(json)
    expect((await server.request(`/messages/${json.uid.toUpperCase()}`)).status).toBe(404)
  })

  it.each([
    '2',
    '0',
    '01',
    '1.0',
    'abc',
    '..%2f..%2fetc%2fpasswd',
    '%00',
    '%ff',
    'CON',
    '.git',
    '9'.repeat(300),
  ])('responds with 404 or 400 to an invalid key: %s', async (key) => {
    await using server = await openTestServer()
    const { status, json } = await server.request(`/messages/${key}`)
    expect([400, 404]).toContain(status)
    expect(json.status).toBe('error')
  })

  // Covers IN-43
  it.each([
    '../x',
    '..%2f..%2fx',
    '%00',
    '%ff',
    '%',
    '.git',
    'CON',
    '1.0',
    '01',
    '0',
    '-1',
    '1e0',
    '9'.repeat(300),
  ])('finds nothing by a key that is not an id or a uid: %s', async (key) => {
    await using raw = await openRawServer()
    expectHttpError(await raw.get(`/messages/${key}`), 404, 'not_found')
  })
})
