import { createEngine } from '@gitmsg/core'
import { createMemoryBackend } from '@gitmsg/git-sync'
import { openStore } from '@gitmsg/store'
import { describe, expect, it } from 'vitest'
import { openTestServer } from '../../testing/open-test-server.js'

describe('GET /messages', () => {
  // Covers V15.3.1
  it('returns the newest 50 messages with all their fields', async () => {
    await using server = await openTestServer()
    for (let number = 1; number <= 60; number += 1)
      await server.post({ content: `message ${number}`, sender: 'a' })
    await server.engine.sync()
    const { json, headers } = await server.request('/messages')
    expect(json).toHaveLength(50)
    expect(json[0]).toEqual({
      id: 60,
      uid: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      content: 'message 60',
      sender: 'a',
      timestamp: expect.stringMatching(/Z$/),
      git_hash: expect.stringMatching(/^[0-9a-f]{40}$/),
      is_synchronized: true,
      created_at: json[0].timestamp,
      updated_at: json[0].timestamp,
    })
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
    expect(headers.link).toBe('<?before=11>; rel="next"')
  })

  it('returns at once what another process posted to the same database', async () => {
    await using server = await openTestServer()
    await using other = await openStore({ path: server.store.path })
    await using engine = createEngine({ store: other, backend: createMemoryBackend() })
    expect((await server.request('/messages')).json).toEqual([])
    await engine.post({ content: 'from another process', sender: 'b' })
    expect((await server.request('/messages')).json).toMatchObject([{ content: 'from another process' }])
    await server.engine.sync()
    expect((await server.request('/messages')).json).toMatchObject([{ is_synchronized: true }])
  })

  // Covers V1.2.2
  it('links all pages, in both directions, with the filters', async () => {
    await using server = await openTestServer()
    for (let number = 1; number <= 12; number += 1)
      await server.post({ content: 'x', sender: number % 2 ? 'a&b' : 'c' })
    const walk = async (start: string) => {
      const ids: number[] = []
      // A proxy serves the server under a path.
      let url: URL | null = new URL(`/chat${start}`, server.url)
      while (url) {
        const { json, headers } = await server.request(`${url.pathname}${url.search}`.replace(/^\/chat/, ''))
        ids.push(...json.map(({ id }: { id: number }) => id))
        const [, link] = /^<(.*)>; rel="next"$/.exec(String(headers.link)) ?? []
        url = link === undefined ? null : new URL(link, url)
      }
      return ids
    }
    expect(await walk('/messages?limit=4')).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(await walk('/messages/?limit=4')).toHaveLength(12)
    expect(await walk('/messages?limit=2&sender=a%26b')).toEqual([11, 9, 7, 5, 3, 1])
    expect(await walk('/messages?limit=4&after=4')).toEqual([8, 7, 6, 5, 12, 11, 10, 9])
    expect(await walk('/messages?limit=4&after=4&before=11')).toEqual([8, 7, 6, 5, 10, 9])
  })

  // Covers IN-40, IN-41, IN-42, V1.4.2, V15.3.6, V15.3.7
  it.each([
    ['limit=0', 'invalid_query'],
    ['limit=-1', 'invalid_query'],
    ['limit=1.5', 'invalid_query'],
    ['limit=1e3', 'invalid_query'],
    ['limit=0x10', 'invalid_query'],
    ['limit=', 'invalid_query'],
    ['limit=1001', 'invalid_query'],
    ['limit=%205%20', 'invalid_query'],
    ['limit=%D9%A3', 'invalid_query'],
    ['limit=NaN', 'invalid_query'],
    ['limit=100000000000000000000', 'invalid_query'],
    ['limit=1&limit=2', 'invalid_query'],
    ['limit[]=3', 'invalid_query'],
    ['order=asc', 'invalid_query'],
    ['__proto__=x', 'invalid_query'],
    ['sender=%ff', 'invalid_query'],
    ['sender=%C3', 'invalid_query'],
    ['sender=%ed%a0%80', 'invalid_query'],
    ['sender=%', 'invalid_query'],
    ['sender=%4', 'invalid_query'],
    ['sender=%zz', 'invalid_query'],
    ['%ff=x', 'invalid_query'],
    ['since=99999-01-01T00:00:00Z', 'invalid_cursor'],
    ['synchronized=yes', 'invalid_query'],
    ['before=abc', 'invalid_cursor'],
    ['after=-1', 'invalid_cursor'],
    ['after=00', 'invalid_cursor'],
    ['before=0', 'invalid_cursor'],
    ['since=2025-01-09T00:06:41+01:00', 'invalid_cursor'],
    ['since=2016-12-31T23:59:60Z', 'invalid_cursor'],
  ])('rejects an invalid query: ?%s', async (query, code) => {
    await using server = await openTestServer()
    const { status, json } = await server.request(`/messages?${query}`)
    expect([status, json.error.code]).toEqual([400, code])
  })
})

describe('GET /messages?after=0', () => {
  it('starts at the beginning', async () => {
    await using server = await openTestServer()
    for (const content of ['a', 'b', 'c']) await server.post({ content, sender: 'd' })
    const { json } = await server.request('/messages?after=0&limit=2')
    expect(json).toMatchObject([{ id: 2 }, { id: 1 }])
  })
})

describe('GET /messages?since=', () => {
  it.each(['since', 'until'])('tells how to write the + of an offset: %s', async (name) => {
    await using server = await openTestServer()
    const { json } = await server.request(`/messages?${name}=2025-01-09T00:06:41+01:00`)
    expect(json.error).toMatchObject({ code: 'invalid_cursor', field: name })
    expect(json.error.message).toContain('%2B')
    expect((await server.request(`/messages?${name}=2025-01-09T00:06:41%2B01:00`)).status).toBe(200)
  })

  it('tells that a leap second is not supported, as for a message', async () => {
    await using server = await openTestServer()
    const time = '2016-12-31T23:59:60Z'
    const { json } = await server.request(`/messages?since=${time}`)
    const posted = await server.post({ content: 'a', sender: 'b', timestamp: time })
    expect(posted.status).toBe(422)
    for (const { error } of [json, posted.json]) expect(error.message).toContain('leap second')
  })
})

describe('GET /messages?sender=', () => {
  it.each(['a+b', 'a%20b'])('finds the sender "a b": %s', async (sender) => {
    await using server = await openTestServer()
    await server.post({ content: 'x', sender: 'a b' })
    expect((await server.request(`/messages?sender=${sender}`)).json).toHaveLength(1)
  })
})
