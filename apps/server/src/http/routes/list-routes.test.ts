import { setTimeout as pause } from 'node:timers/promises'
import { createEngine } from '@gitmsg/core'
import { createMemoryBackend } from '@gitmsg/git-sync'
import { StoreError } from '@gitmsg/store'
import { describe, expect, it, vi } from 'vitest'
import { holdConnection } from '../../testing/hold-connection.js'
import { NINE_FIELDS, openTestServer } from '../../testing/servers/open-test-server.js'

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
    expect(Object.keys(json[0])).toEqual(NINE_FIELDS)
    expect(headers.link).toBe('<?before=11>; rel="next"')
  })

  it('returns at once what another process posted to the same database', async () => {
    await using server = await openTestServer()
    await using other = await server.store.other()
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
    ['deleted=1', 'invalid_query'],
    ['format=plain', 'invalid_query'],
    ['deleted=true&format=reaction', 'invalid_query'],
    ['thread=', 'invalid_query'],
    ['reply_to=%00', 'invalid_query'],
    ['thread=a&thread=b', 'invalid_query'],
    ['topic=%ff', 'invalid_query'],
    ['sender=a%00', 'invalid_query'],
    ['topic=%00', 'invalid_query'],
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

describe('GET /messages with filters', () => {
  it('lists replies, threads, topics, reactions and tombstones', async () => {
    await using server = await openTestServer()
    const post = (fields: object) => server.post({ content: 'x', sender: 'alice', ...fields })
    await post({ topic: 'a & b' })
    await post({ reply_to: 1 })
    await post({ reply_to: 2 })
    await post({ content: '👍', format: 'reaction', reply_to: 2 })
    await post({ sender: 'bob', topic: 'a & b' })
    await post({})
    await server.request('/messages/6', { method: 'DELETE' })
    const [root, reply] = (await server.request('/messages?after=0&limit=2')).json.reverse()
    const idsOf = async (query: object) => {
      const { json } = await server.request(`/messages?${new URLSearchParams({ ...query })}`)
      return json.map(({ id }: { id: number }) => id)
    }
    expect(await idsOf({})).toEqual([5, 3, 2, 1])
    expect(await idsOf({ deleted: 'false' })).toEqual([5, 3, 2, 1])
    expect(await idsOf({ topic: 'a & b' })).toEqual([5, 3, 2, 1])
    expect(await idsOf({ topic: 'a & b', sender: 'bob' })).toEqual([5])
    expect(await idsOf({ topic: 'a' })).toEqual([])
    expect(await idsOf({ thread: root.uid })).toEqual([3, 2, 1])
    expect(await idsOf({ thread: reply.uid })).toEqual([2])
    expect(await idsOf({ reply_to: root.uid })).toEqual([2])
    expect(await idsOf({ reply_to: 'unknown' })).toEqual([])
    expect(await idsOf({ format: 'reaction' })).toEqual([4])
    expect(await idsOf({ format: 'reaction', reply_to: reply.uid })).toEqual([4])
    expect(await idsOf({ deleted: 'true' })).toEqual([6])
    const { headers } = await server.request('/messages?topic=a+%26+b&limit=2')
    expect(headers.link).toBe('<?limit=2&topic=a+%26+b&before=3>; rel="next"')
  })
})

describe('the headers of a list', () => {
  it.each(['/messages', '/messages/1/thread', '/messages/1/history', '/topics', '/changes'])(
    'have an ETag that changes with what the list shows, for If-None-Match: %s',
    async (path) => {
      await using server = await openTestServer({ isStandby: true })
      await server.post({ content: 'a', sender: 'b', topic: 'c' })
      const first = await server.request(path)
      expect(first.headers.etag).toMatch(/^"[\w-]{43}"$/)
      for (const tag of [
        String(first.headers.etag),
        `W/${first.headers.etag}`,
        `"x", ${first.headers.etag}`,
        '*',
      ]) {
        const { status, text, headers } = await server.request(path, { headers: { 'if-none-match': tag } })
        expect([status, text, headers.etag]).toEqual([304, '', first.headers.etag])
        expect(headers['content-type']).toBeUndefined()
        expect(headers['gitmsg-position']).toBe(first.headers['gitmsg-position'])
      }
      expect((await server.request(path, { headers: { 'if-none-match': '"x"' } })).status).toBe(200)
      await server.send('PATCH', '/messages/1', { content: 'b', topic: 'd' })
      const second = await server.request(path, { headers: { 'if-none-match': String(first.headers.etag) } })
      expect([second.status, second.headers.etag === first.headers.etag]).toEqual([200, false])
    },
  )

  it('change when a message gets a reaction, is edited or is synchronized', async () => {
    await using server = await openTestServer({ isStandby: true })
    const etag = async () => (await server.request('/messages')).headers.etag
    await server.post({ content: 'a', sender: 'b' })
    const tags = [await etag()]
    await server.post({ content: '👍', sender: 'c', format: 'reaction', reply_to: 1 })
    tags.push(await etag())
    await server.send('PATCH', '/messages/1', { content: 'c' })
    tags.push(await etag())
    const { uid, version } = (await server.request('/messages/1')).json
    const cursor = { commit: 'c'.repeat(40), format: 2 }
    await server.store.settle({ published: [{ uid, version, git_hash: cursor.commit }], cursor })
    tags.push(await etag())
    expect(new Set(tags).size).toBe(4)
  })

  it('are the same for a long list, which is sent in chunks', async () => {
    await using server = await openTestServer({ isStandby: true })
    for (let number = 0; number < 20; number += 1) {
      await server.engine.post({ content: 'x'.repeat(32_768), sender: 'a' })
    }
    const { headers, json } = await server.request('/messages')
    expect([json.length, headers['transfer-encoding']]).toEqual([20, 'chunked'])
    const again = await server.request('/messages', { headers: { 'if-none-match': String(headers.etag) } })
    expect(again.status).toBe(304)
  })

  // Covers IN-80
  it('have a position from which a client that goes on misses nothing, under concurrent writes', async () => {
    await using server = await openTestServer()
    const writing = (async () => {
      for (let number = 1; number <= 60; number += 1) {
        await server.post({ content: `${number}`, sender: 'a' })
        await server.send('PATCH', `/messages/${Math.ceil(number / 2)}`, { content: `edit ${number}` })
      }
    })()
    const shown = new Map<number, { content: string; is_synchronized: boolean }>()
    const { json, headers } = await server.request('/messages?limit=1000')
    for (const message of json) shown.set(message.id, message)
    let after = String(headers['gitmsg-position'])
    let isWriting = true
    writing.finally(() => {
      isWriting = false
    })
    for (let settled = false; !settled; ) {
      settled = !isWriting
      if (settled) await server.engine.sync()
      for (let full = true; full; ) {
        const page = (await server.request(`/changes?after=${after}&limit=7`)).json
        for (const message of page.messages) shown.set(message.id, message)
        full = page.messages.length === 7
        after = `${page.epoch}:${page.position}`
      }
    }
    const final = (await server.request('/messages?limit=1000')).json
    expect(final).toHaveLength(60)
    const visible = ({ content, is_synchronized }: { content: string; is_synchronized: boolean }) => [
      content,
      is_synchronized,
    ]
    for (const message of final) expect(visible(shown.get(message.id) ?? message)).toEqual(visible(message))
    expect(shown.size).toBe(60)
  })
})

describe('a search that takes long', () => {
  const searchRequest = (url: string, query: string) =>
    `GET /messages?${query} HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`

  // Covers IN-81
  it('ends when the last client that waits for it disconnects', async () => {
    await using server = await openTestServer()
    const signals: AbortSignal[] = []
    const page = server.engine.page
    server.engine.page = (_query, options = {}) =>
      new Promise((_resolve, reject) => {
        const { signal } = options
        if (!signal) throw new Error('no signal')
        signals.push(signal)
        signal.addEventListener('abort', () => reject(new StoreError('aborted', 'by the signal')))
      })
    const one = holdConnection(server.url, searchRequest(server.url, 'sender=a'))
    const other = holdConnection(server.url, searchRequest(server.url, 'sender=a'))
    await vi.waitFor(() => expect(signals).toHaveLength(1))
    await pause(50)
    one[Symbol.dispose]()
    await pause(50)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    other[Symbol.dispose]()
    await vi.waitFor(() => expect(signals.map(({ aborted }) => aborted)).toEqual([true]))

    server.engine.page = page
    expect((await server.request('/messages?sender=a')).json).toEqual([])
    const { text } = await server.request('/metrics')
    expect(text).not.toMatch(/code="internal"\} [1-9]/)
  })

  it('really ends in the store', async () => {
    await using server = await openTestServer({ isStandby: true })
    const posts = Array.from({ length: 12_000 }, (_, number) =>
      server.engine.post({ content: 'x', sender: number % 2 ? 'a' : 'b', topic: number % 3 ? 'c' : 'd' }),
    )
    await Promise.all(posts)
    const list = server.store.listMessages
    const outcomes: string[] = []
    vi.spyOn(server.store, 'listMessages').mockImplementation(async (query) => {
      leaving[Symbol.dispose]()
      await pause(100)
      return list(query).then(
        (messages) => {
          outcomes.push('found')
          return messages
        },
        (error) => {
          outcomes.push(error.code)
          throw error
        },
      )
    })
    const leaving = holdConnection(
      server.url,
      searchRequest(server.url, 'sender=a&topic=c&synchronized=true'),
    )
    await vi.waitFor(() => expect(outcomes).toEqual(['aborted']), 5_000)
  })
})

describe('GET /topics', () => {
  it('lists topics by their last activity, in linked pages', async () => {
    await using server = await openTestServer()
    for (let number = 1; number <= 5; number += 1) {
      const timestamp = `2025-01-0${number}T00:00:00Z`
      await server.post({ content: 'x', sender: 'a', topic: `t ${number}`, timestamp })
      await server.post({
        content: 'x',
        sender: 'a',
        topic: `t ${number}`,
        timestamp: '2025-01-01T00:00:00Z',
      })
    }
    const topics: { topic: string }[] = []
    let next: string | undefined = '?limit=2'
    while (next) {
      const { json, headers } = await server.request(`/topics${next}`)
      topics.push(...json)
      next = /^<(.*)>; rel="next"$/.exec(String(headers.link))?.[1]
    }
    expect(topics.map(({ topic }) => topic)).toEqual(['t 5', 't 4', 't 3', 't 2', 't 1'])
    expect(topics[0]).toEqual({ topic: 't 5', messages: 2, last_at: '2025-01-05T00:00:00.000Z' })
  })

  // Covers IN-42
  it.each(['before=5', 'before=2025-01-09T00:06:41.000Z', 'before=2025-01-09T00:06:41.000Z/', 'before=x/y'])(
    'rejects an invalid cursor: %s',
    async (query) => {
      await using server = await openTestServer()
      const { status, json } = await server.request(`/topics?${query}`)
      expect([status, json.error.code, json.error.field]).toEqual([400, 'invalid_cursor', 'before'])
    },
  )
})

describe('GET /search', () => {
  const snippetText = ({ snippet }: { snippet: { text: string; match: boolean }[] }) =>
    snippet.map(({ text, match }) => (match ? `[${text}]` : text)).join('')

  it('finds messages by their words, newest first, with the places that match', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'The Café is open', sender: 'a', topic: 'lunch' })
    await server.post({ content: 'no coffee', sender: 'b' })
    await server.post({ content: 'cafe, café, CAFÉ!', sender: 'b' })
    const { status, json, headers } = await server.request('/search?q=cafe')
    expect(status).toBe(200)
    expect(json.map(snippetText)).toEqual(['[cafe], [café], [CAFÉ]!', 'The [Café] is open'])
    expect(Object.keys(json[0])).toEqual(['message', 'snippet'])
    expect(Object.keys(json[0].message)).toEqual(NINE_FIELDS)
    expect(json[1].message).toEqual((await server.request('/messages?topic=lunch')).json[0])
    expect(headers.link).toBeUndefined()
    expect(headers['gitmsg-position']).toMatch(/^[0-9a-f]+:\d+$/)
  })

  it('takes the filters of lists, and links the pages with all of them', async () => {
    await using server = await openTestServer()
    for (let number = 1; number <= 7; number += 1)
      await server.post({ content: `apple & ${number}`, sender: number % 2 ? 'a&b' : 'c', topic: 'x' })
    const ids: number[] = []
    for (let url: string | null = '/search?q=%22apple%22%20-3&sender=a%26b&topic=x&limit=2'; url; ) {
      const { json, headers } = await server.request(url)
      ids.push(...json.map(({ message }: { message: { id: number } }) => message.id))
      const [, link] = /^<(.*)>; rel="next"$/.exec(String(headers.link)) ?? []
      url = link === undefined ? null : `/search${link}`
    }
    expect(ids).toEqual([7, 5, 1])
    const best = await server.request('/search?q=apple&sort=relevance&limit=2')
    expect([best.json.length, best.headers.link]).toEqual([2, undefined])
  })

  it('responds with 304 until something changes', async () => {
    await using server = await openTestServer({ isStandby: true }) // a commit is a change, too
    await server.post({ content: 'apple', sender: 'a' })
    const { headers } = await server.request('/search?q=apple')
    const again = () =>
      server.request('/search?q=apple', { headers: { 'if-none-match': String(headers.etag) } })
    expect((await again()).status).toBe(304)
    await server.send('PATCH', '/messages/1', { content: 'apple pie' })
    expect((await again()).json.map(snippetText)).toEqual(['[apple] pie'])
    await server.request('/messages/1', { method: 'DELETE' })
    expect((await again()).json).toEqual([])
  })

  // Covers IN-83
  it.each([
    ['', 400, 'invalid_query'],
    ['?q=a&q=b', 400, 'invalid_query'],
    ['?q=%ff', 400, 'invalid_query'],
    ['?q=%ed%a0%80', 400, 'invalid_query'],
    ['?q=a&sort=oldest', 400, 'invalid_query'],
    ['?q=a&after=1', 400, 'invalid_query'],
    ['?q=a&deleted=true', 400, 'invalid_query'],
    ['?q=a&before=x', 400, 'invalid_cursor'],
    [`?q=${'a'.repeat(257)}`, 422, 'too_long'],
  ])('rejects an invalid query: %s', async (query, status, code) => {
    await using server = await openTestServer()
    const response = await server.request(`/search${query}`)
    expect([response.status, response.json.error.code]).toEqual([status, code])
  })

  // Covers IN-83
  it.each(['', '%00', '*', '-apple', '%F0%9F%91%8D', '%22%22', 'a'.repeat(256), 'AND', "';--"])(
    'finds nothing, without an error, for the query "%s"',
    async (q) => {
      await using server = await openTestServer()
      await server.post({ content: 'apple 👍', sender: 'a' })
      const { status, json } = await server.request(`/search?q=${q}`)
      expect([status, json]).toEqual([200, []])
    },
  )

  // Covers IN-84
  it('is 503 with the progress while the index of an older database is built', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'apple', sender: 'a' })
    await server.store.clearSearchIndex()
    const { status, json, headers } = await server.request('/search?q=apple')
    expect([status, json.error.code, headers['retry-after']]).toEqual([503, 'indexing', '5'])
    expect(json.error.message).toContain('0 %')
    await server.store.buildSearchIndex()
    expect((await server.request('/search?q=apple')).json).toHaveLength(1)
  })
})
