import { describe, expect, it } from 'vitest'
import { openTestServer } from '../../testing/open-test-server.js'

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
