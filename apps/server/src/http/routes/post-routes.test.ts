import { describe, expect, it } from 'vitest'
import { NINE_FIELDS, openTestServer } from '../../testing/servers/open-test-server.js'

describe('POST /messages', () => {
  it('returns the id of the message, and its relative URL', async () => {
    await using server = await openTestServer()
    const { status, json, headers } = await server.post({ content: 'Message content', sender: 'username' })
    expect(status).toBe(201)
    expect(json).toEqual({ status: 'success', message_id: 1 })
    expect(headers.location).toBe('messages/1')
  })

  it('returns a URL that leads to the message below the path of a proxy', async () => {
    await using server = await openTestServer()
    for (const path of ['/messages', '/messages/']) {
      const headers = { 'content-type': 'application/json' }
      const body = '{"content":"a","sender":"b"}'
      const response = await server.request(path, { method: 'POST', headers, body })
      const { pathname } = new URL(String(response.headers.location), `https://example.org/chat${path}`)
      expect(pathname).toBe(`/chat/messages/${response.json.message_id}`)
    }
  })

  // Covers IN-31
  it('stores every accepted text byte for byte', async () => {
    await using server = await openTestServer()
    const texts = [
      'e\u0301 é',
      '👩‍👩‍👧‍👦',
      '\u2028\u001b',
      '<script>',
      "'; DROP TABLE messages; --",
      '\ufeffmark',
    ]
    for (const content of texts) expect((await server.post({ content, sender: 'a' })).status).toBe(201)
    const { json } = await server.request('/messages')
    expect(json.map(({ content }: { content: string }) => content).reverse()).toEqual(texts)
  })

  // Covers IN-38, IN-39, IN-60, V2.2.3
  it('stores one message for one idempotency key, even if 100 requests are concurrent', async () => {
    await using server = await openTestServer()
    const headers = { 'idempotency-key': 'k1' }
    const responses = await Promise.all(
      Array.from({ length: 100 }, () => server.post({ content: 'once', sender: 'a' }, headers)),
    )
    expect(new Set(responses.map(({ status, json }) => `${status} ${json.message_id}`))).toEqual(
      new Set(['201 1']),
    )
    expect((await server.post({ content: 'other', sender: 'a' }, headers)).json.error.code).toBe(
      'idempotency_key_reused',
    )
    expect(
      (await server.post({ content: 'x', sender: 'a' }, { 'idempotency-key': 'a b' })).json.error.code,
    ).toBe('invalid_header')
  })

  const json = 'application/json'
  it.each([
    ['no body', json, '', 400, 'invalid_json'],
    ['half an object', json, '{', 400, 'invalid_json'],
    ['a trailing comma', json, '{"content":"a",}', 400, 'invalid_json'],
    ['a repeated key', json, '{"sender":"a","content":"b","content":"c"}', 400, 'duplicate_key'],
    ['an array', json, '[]', 422, 'invalid_body'],
    ['null', json, 'null', 422, 'invalid_body'],
    ['no sender', json, '{"content":"a"}', 422, 'missing_field'],
    ['a number as sender', json, '{"content":"a","sender":5}', 422, 'invalid_type'],
    ['an id', json, '{"content":"a","sender":"b","id":7}', 422, 'unknown_field'],
    ['a prototype', json, '{"content":"a","sender":"b","__proto__":{}}', 422, 'unknown_field'],
    ['a lone surrogate', json, '{"content":"\\ud800","sender":"b"}', 422, 'invalid_characters'],
    ['a deep body', json, '['.repeat(20_000) + ']'.repeat(20_000), 422, 'invalid_body'],
    ['more than 64 KiB', json, `{"content":"${'x'.repeat(70_000)}","sender":"b"}`, 413, 'body_too_large'],
    ['plain text', 'text/plain', '{"content":"a","sender":"b"}', 415, 'unsupported_media_type'],
    ['a form', 'application/x-www-form-urlencoded', 'content=a&sender=b', 415, 'unsupported_media_type'],
    [
      'a JSON API document',
      'application/vnd.api+json',
      '{"content":"a","sender":"b"}',
      415,
      'unsupported_media_type',
    ],
    [
      'another charset',
      `${json}; charset=iso-8859-1`,
      '{"content":"a","sender":"b"}',
      415,
      'unsupported_charset',
    ],
  ])('rejects an invalid body: %s', async (_, type, body, status, code) => {
    await using server = await openTestServer()
    const response = await server.request('/messages', {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    })
    expect([response.status, response.json.error.code]).toEqual([status, code])
    expect((await server.request('/messages')).json).toEqual([])
  })
})

describe('POST /messages with format, topic and reply_to', () => {
  it('stores what is given, and what a reply takes from its parent', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'root', sender: 'alice', topic: 'deploys' })
    const [{ uid }] = (await server.request('/messages')).json
    await server.post({ content: '*one*', sender: 'bob', format: 'markdown', reply_to: 1 })
    await server.post({ content: 'two', sender: 'bob', topic: 'other', reply_to: uid })
    await server.post({ content: 'three', sender: 'carol', format: 'plain', reply_to: 2 })
    const { json } = await server.request('/messages')
    const [three, two, one, root] = json
    expect(Object.keys(root)).toEqual([...NINE_FIELDS, 'topic'])
    expect(Object.keys(one)).toEqual([...NINE_FIELDS, 'format', 'topic', 'reply_to', 'thread'])
    expect(one).toMatchObject({ format: 'markdown', topic: 'deploys', reply_to: uid, thread: uid })
    expect(two).toMatchObject({ topic: 'other', reply_to: uid, thread: uid })
    expect(three).toMatchObject({ topic: 'deploys', reply_to: one.uid, thread: uid })
    expect(three).not.toHaveProperty('format')
  })

  it('stores a reaction once, and shows it with its target only', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'root', sender: 'alice' })
    const react = (sender: string, content: string) =>
      server.post({ content, sender, format: 'reaction', reply_to: 1 })
    const first = await react('bob', '👍')
    expect([first.status, first.json.message_id]).toEqual([201, 2])
    const repeated = await Promise.all(Array.from({ length: 20 }, () => react('bob', '👍')))
    expect(new Set(repeated.map(({ status, json }) => `${status} ${json.message_id}`))).toEqual(
      new Set(['201 2']),
    )
    await react('carol', '👍')
    await react('bob', '🎉')
    const { json } = await server.request('/messages')
    expect(json).toHaveLength(1)
    expect(Object.keys(json[0])).toEqual([...NINE_FIELDS, 'reactions'])
    expect(json[0].reactions).toEqual({ '👍': ['bob', 'carol'], '🎉': ['bob'] })
    const reactions = (await server.request('/messages?format=reaction')).json
    expect(reactions.map(({ content }: { content: string }) => content)).toEqual(['🎉', '👍', '👍'])
  })

  // Covers IN-76, IN-79
  it.each([
    [{ reply_to: 99 }, 'invalid_reply_to'],
    [{ reply_to: -1 }, 'invalid_reply_to'],
    [{ reply_to: 1.5 }, 'invalid_reply_to'],
    [{ reply_to: 1e300 }, 'invalid_reply_to'],
    [{ reply_to: '1' }, 'invalid_reply_to'],
    [{ reply_to: '' }, 'invalid_reply_to'],
    [{ reply_to: '\0' }, 'invalid_reply_to'],
    [{ reply_to: '\ud800' }, 'invalid_reply_to'],
    [{ reply_to: 'x'.repeat(30_000) }, 'invalid_reply_to'],
    [{ reply_to: '0193a5c2-7b1e-7000-8000-000000000000' }, 'invalid_reply_to'],
    [{ reply_to: true }, 'invalid_type'],
    [{ reply_to: {} }, 'invalid_type'],
    [{ reply_to: null }, 'missing_field'],
    [{ reply_to: 2 }, 'invalid_reply_to'],
    [{ reply_to: 3 }, 'invalid_reply_to'],
    [{ topic: ' ' }, 'empty'],
    [{ topic: 'a\nb' }, 'invalid_characters'],
    [{ topic: 'x'.repeat(65) }, 'too_long'],
    [{ format: 'html' }, 'invalid_value'],
    [{ format: 'Plain' }, 'invalid_value'],
    [{ format: 'reaction', content: '👍' }, 'missing_field'],
    [{ format: 'reaction', content: 'a', reply_to: 1 }, 'invalid_characters'],
    [{ format: 'reaction', content: '👍👍', reply_to: 1 }, 'invalid_characters'],
    [{ format: 'reaction', content: '1', reply_to: 1 }, 'invalid_characters'],
    [{ format: 'reaction', content: '👍', reply_to: 3 }, 'invalid_reply_to'],
    [{ version: 2 }, 'unknown_field'],
    [{ thread: 'x' }, 'unknown_field'],
    [{ updated_by: 'mallory' }, 'unknown_field'],
  ])('rejects what is not valid: %j', async (fields, code) => {
    await using server = await openTestServer()
    await server.engine.post({ content: 'a', sender: 'b' })
    await server.engine.post({ content: '👍', sender: 'b', format: 'reaction', reply_to: 1 })
    await server.engine.post({ content: 'deleted', sender: 'b' })
    await server.engine.remove(3)
    const { status, json } = await server.post({ content: 'x', sender: 'y', ...fields })
    expect([status, json.error.code]).toEqual([422, code])
    expect((await server.request('/messages')).json).toHaveLength(1)
  })

  it('repeats the first response for the same key and fields only', async () => {
    await using server = await openTestServer()
    await server.post({ content: 'root', sender: 'alice' })
    const send = (fields: object) =>
      server.post({ content: 'a', sender: 'b', ...fields }, { 'idempotency-key': 'k' })
    expect((await send({ topic: 'x', reply_to: 1 })).json.message_id).toBe(2)
    expect((await send({ topic: 'x', reply_to: 1 })).json.message_id).toBe(2)
    for (const fields of [
      {},
      { topic: 'x' },
      { topic: 'y', reply_to: 1 },
      { reply_to: 1, format: 'markdown' },
    ]) {
      expect((await send(fields)).json.error.code).toBe('idempotency_key_reused')
    }
  })
})
