import { describe, expect, it } from 'vitest'
import { expectHttpError } from '../../testing/expect-http-error.js'
import { openRawServer } from '../../testing/servers/open-raw-server.js'
import { NINE_FIELDS, openTestServer } from '../../testing/servers/open-test-server.js'

describe('GET /messages/:key', () => {
  // Covers IN-43
  it('returns a message by id or uid, with its path and synchronization state', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'a', sender: 'b', timestamp: '2025-01-09T01:06:41+01:00' })
    await server.engine.sync()
    const { json, headers } = await server.request('/messages/1')
    expect(json).toMatchObject({
      timestamp: '2025-01-09T00:06:41.000Z',
      path: `messages/00/00/00/${json.uid}.json`,
      sync: { state: 'synchronized' },
    })
    expect(Object.keys(json)).toEqual([...NINE_FIELDS, 'path', 'position', 'sync'])
    const { epoch, position } = await server.store.position()
    expect(headers).toMatchObject({ etag: '"1"', 'gitmsg-position': `${epoch}:${position}` })
    expect(json.position).toBe(position)
    const cached = await server.request('/messages/1', { headers: { 'if-none-match': '"1"' } })
    expect([cached.status, cached.json]).toEqual([200, json])
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

/** The ids, or versions, of all pages. */
async function walk(
  server: { request: Awaited<ReturnType<typeof openTestServer>>['request'] },
  path: string,
) {
  const numbers: number[][] = []
  let next: string | undefined = '?limit=2'
  while (next) {
    const { json, headers } = await server.request(`${path}${next}`)
    numbers.push(json.map(({ id, version }: { id?: number; version: number }) => id ?? version))
    expect(headers['gitmsg-position']).toMatch(/^\w+:\d+$/)
    next = /^<(.*)>; rel="next"$/.exec(String(headers.link))?.[1]
  }
  return numbers
}

describe('GET /messages/:key/history', () => {
  it('lists the versions with their commits, newest first, in linked pages', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'one', sender: 'a', topic: 't' })
    await server.engine.sync()
    await server.send('PATCH', '/messages/1', { content: 'two', format: 'markdown' })
    await server.engine.sync()
    const { json } = await server.request('/messages/1/history')
    const message = (await server.request('/messages/1')).json
    expect(json).toEqual([
      {
        version: 2,
        content: 'two',
        format: 'markdown',
        topic: 't',
        updated_at: message.updated_at,
        updated_by: null,
        git_hash: message.git_hash,
        is_synchronized: true,
      },
      {
        version: 1,
        content: 'one',
        format: 'plain',
        topic: 't',
        updated_at: message.created_at,
        updated_by: null,
        git_hash: expect.stringMatching(/^[0-9a-f]{40}$/),
        is_synchronized: true,
      },
    ])
    expect(json[0].git_hash).not.toBe(json[1].git_hash)
    for (const content of ['3', '4', '5']) await server.send('PATCH', '/messages/1', { content })
    expect(await walk(server, `/messages/${message.uid}/history`)).toEqual([[5, 4], [3, 2], [1]])
  })

  // Covers IN-41, IN-42
  it.each([
    ['/messages/2/history', 404, 'not_found'],
    ['/messages/x/history', 404, 'not_found'],
    ['/messages/1/history?before=0', 400, 'invalid_cursor'],
    ['/messages/1/history?limit=0', 400, 'invalid_query'],
    ['/messages/1/history?after=1', 400, 'invalid_query'],
    ['/messages/1/history?limit=1&limit=1', 400, 'invalid_query'],
    ['/messages/2/thread', 404, 'not_found'],
    ['/messages/1/thread?after=-1', 400, 'invalid_cursor'],
    ['/messages/1/thread?before=1', 400, 'invalid_query'],
    ['/messages/1/threads', 404, 'not_found'],
  ])('rejects what is not valid: %s', async (path, status, code) => {
    await using server = await openTestServer()
    await server.post({ content: 'a', sender: 'b' })
    const response = await server.request(path)
    expect([response.status, response.json.error.code]).toEqual([status, code])
  })
})

describe('GET /messages/:key/thread', () => {
  it('lists the first message and all replies, oldest first, in linked pages, by any of them', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'root', sender: 'a' })
    await server.post({ content: 'other', sender: 'a' })
    for (const reply_to of [1, 3, 1, 4]) await server.post({ content: 'x', sender: 'b', reply_to })
    await server.post({ content: '👍', sender: 'b', format: 'reaction', reply_to: 3 })
    for (const id of [1, 3, 6]) {
      expect(await walk(server, `/messages/${id}/thread`)).toEqual([[1, 3], [4, 5], [6]])
    }
    expect(await walk(server, '/messages/2/thread')).toEqual([[2]])
    const { json } = await server.request('/messages/6/thread')
    expect(json[1].reactions).toEqual({ '👍': ['b'] })
    expect(json.every(({ thread }: { thread?: string }) => (thread ?? json[0].uid) === json[0].uid)).toBe(
      true,
    )
  })

  it('shows a deleted first message as a tombstone, and no other deleted one', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'root', sender: 'a' })
    for (const reply_to of [1, 1]) await server.post({ content: 'x', sender: 'b', reply_to })
    await server.request('/messages/1', { method: 'DELETE' })
    await server.request('/messages/2', { method: 'DELETE' })
    await server.engine.sync() // otherwise a message may become synchronized between the two reads
    const { json } = await server.request('/messages/3/thread')
    expect(json).toMatchObject([{ id: 1, content: null, deleted: true }, { id: 3 }])
    expect((await server.request('/messages/2/thread')).json).toEqual(json)
  })
})
