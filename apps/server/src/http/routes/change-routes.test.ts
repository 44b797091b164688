import { describe, expect, it } from 'vitest'
import { openTestServer } from '../../testing/servers/open-test-server.js'

const json = { 'content-type': 'application/json' }

/** A server with a message by alice, whose id is 1. */
async function openServer(options?: Parameters<typeof openTestServer>[0]) {
  const server = await openTestServer(options)
  await server.engine.post({ content: 'first', sender: 'alice', timestamp: '2025-01-09T00:06:41Z' })
  return {
    ...server,
    edit: (body: unknown, headers?: Record<string, string>, key: number | string = 1) =>
      server.send('PATCH', `/messages/${key}`, body, headers),
    remove: (headers: Record<string, string> = {}, key: number | string = 1) =>
      server.request(`/messages/${key}`, { method: 'DELETE', headers }),
  }
}

describe('PATCH /messages/:key', () => {
  it('returns the edited message in full, with its version as the ETag', async () => {
    await using server = await openServer()
    await server.engine.sync()
    const { status, json, headers } = await server.edit({ content: 'second', topic: 'deploys' })
    expect([status, headers.etag]).toEqual([200, '"2"'])
    expect(json).toEqual({
      id: 1,
      uid: json.uid,
      content: 'second',
      sender: 'alice',
      timestamp: '2025-01-09T00:06:41.000Z',
      git_hash: null,
      is_synchronized: false,
      created_at: json.created_at,
      updated_at: json.updated_at,
      version: 2,
      topic: 'deploys',
      path: `messages/00/00/00/${json.uid}.json`,
      position: expect.any(Number),
      sync: { state: 'pending' },
    })
    expect(json.updated_at >= json.created_at).toBe(true)
    await server.engine.sync()
    const found = await server.request('/messages/1')
    expect(found.json).toMatchObject({ updated_at: json.updated_at, sync: { state: 'synchronized' } })
    expect(found.json.position).toBeGreaterThan(json.position)
    expect(found.headers.etag).toBe('"2"')
  })

  // Covers IN-76
  it('changes only the fields that are given; null removes the topic and no other field', async () => {
    await using server = await openServer()
    await server.edit({ topic: 'deploys' })
    expect((await server.edit({ format: 'markdown' }, {}, 1)).json).toMatchObject({
      content: 'first',
      format: 'markdown',
      topic: 'deploys',
      version: 3,
    })
    const { json } = await server.edit({ topic: null, format: 'plain' })
    expect(json).not.toHaveProperty('topic')
    expect(json).not.toHaveProperty('format')
    for (const field of ['content', 'format']) {
      const { status, json } = await server.edit({ [field]: null })
      expect([status, json.error.code, json.error.field]).toEqual([422, 'missing_field', field])
    }
    expect((await server.request('/messages/1')).json.version).toBe(4)
  })

  it('makes no new version if nothing changes', async () => {
    await using server = await openServer()
    const { status, headers, json } = await server.edit({ content: 'first', topic: null, format: 'plain' })
    expect([status, headers.etag, json.version]).toEqual([200, '"1"', undefined])
  })

  // Covers IN-76
  it.each([
    [{}, 'missing_field'],
    [[], 'invalid_body'],
    [null, 'invalid_body'],
    [{ content: ' ' }, 'empty'],
    [{ content: 'a\0' }, 'invalid_characters'],
    [{ content: 'x'.repeat(32_769) }, 'too_long'],
    [{ topic: '' }, 'empty'],
    [{ topic: 'a\u202e' }, 'invalid_characters'],
    [{ topic: 5 }, 'invalid_type'],
    [{ format: 'html' }, 'invalid_value'],
    [{ format: 'reaction' }, 'invalid_value'],
    [{ content: 'a', sender: 'mallory' }, 'unknown_field'],
    [{ content: 'a', version: 7 }, 'unknown_field'],
    [{ content: 'a', reply_to: 1 }, 'unknown_field'],
    [{ content: 'a', deleted: true }, 'unknown_field'],
  ])('rejects changes that are not valid: %j', async (changes, code) => {
    await using server = await openServer()
    const { status, json } = await server.edit(changes)
    expect([status, json.error.code]).toEqual([422, code])
    expect((await server.request('/messages/1')).json).not.toHaveProperty('version')
  })

  it('rejects a body that is not JSON', async () => {
    await using server = await openServer()
    const send = (body: string, headers: Record<string, string>) =>
      server.request('/messages/1', { method: 'PATCH', body, headers })
    expect((await send('content=a', { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await send('{"content":"a",}', json)).json.error.code).toBe('invalid_json')
    expect((await send('{"content":"a","content":"b"}', json)).json.error.code).toBe('duplicate_key')
  })

  // Covers IN-77
  it('compares If-Match with the version', async () => {
    await using server = await openServer()
    expect((await server.edit({ content: 'a' }, { 'if-match': '"1"' })).headers.etag).toBe('"2"')
    for (const tag of ['"1"', '"3"', 'W/"2"', '"x"', '"02"']) {
      const { status, json } = await server.edit({ content: 'b' }, { 'if-match': tag })
      expect([tag, status, json.error.code]).toEqual([tag, 412, 'version_conflict'])
    }
    for (const tag of ['2', '"2', '"1", "2"', '']) {
      const { status, json } = await server.edit({ content: 'b' }, { 'if-match': tag })
      expect([tag, status, json.error.code]).toEqual([tag, 400, 'invalid_precondition'])
    }
    const twice = await server.request('/messages/1', {
      method: 'PATCH',
      body: '{"content":"b"}',
      headers: { ...json, 'if-match': ['"2"', '"2"'] },
    })
    expect([twice.status, twice.json.error.code]).toEqual([400, 'invalid_header'])
    expect((await server.edit({ content: 'c' }, { 'if-match': '*' })).headers.etag).toBe('"3"')
    expect((await server.edit({ content: 'd' })).headers.etag).toBe('"4"')
  })

  it('lets one of 20 concurrent edits of the same version win', async () => {
    await using server = await openServer()
    const edits = Array.from({ length: 20 }, (_, number) =>
      server.edit({ content: `${number}` }, { 'if-match': '"1"' }),
    )
    const statuses = (await Promise.all(edits)).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([200, ...Array(19).fill(412)])
  })

  // Covers IN-78
  it('repeats the response for a repeated idempotency key, even if If-Match would fail now', async () => {
    await using server = await openServer()
    const headers = { 'idempotency-key': 'k1', 'if-match': '"1"' }
    const first = await server.edit({ content: 'a' }, headers)
    await server.edit({ content: 'b' })
    const second = await server.edit({ content: 'a' }, headers)
    expect([second.status, second.headers.etag]).toEqual([200, '"2"'])
    expect(second.json).toMatchObject({ content: 'a', version: 2, updated_at: first.json.updated_at })
    expect((await server.request('/messages/1')).json).toMatchObject({ content: 'b', version: 3 })

    await server.engine.post({ content: 'other', sender: 'bob' })
    const reused = [
      await server.edit({ content: 'c' }, { 'idempotency-key': 'k1' }),
      await server.edit({ content: 'a' }, { 'idempotency-key': 'k1' }, 2),
      await server.post({ content: 'a', sender: 'alice' }, { 'idempotency-key': 'k1' }),
    ]
    for (const { status, json } of reused) {
      expect([status, json.error.code]).toEqual([422, 'idempotency_key_reused'])
    }
    const invalid = await server.edit({ content: 'a' }, { 'idempotency-key': 'a b' })
    expect([invalid.status, invalid.json.error.code]).toEqual([400, 'invalid_header'])
  })

  it('does not find an unknown message, and no longer a deleted one, whatever else is wrong', async () => {
    await using server = await openServer()
    const notJson = { 'content-type': 'text/plain', 'if-match': 'x' }
    for (const key of [2, '01', 'x', '0193a5c2-7b1e-7000-8000-000000000000']) {
      expect((await server.edit({}, notJson, key)).status).toBe(404)
    }
    await server.remove()
    const { status, json } = await server.edit({}, notJson)
    expect([status, json.error.code]).toEqual([410, 'deleted'])
    const stale = await server.edit({ content: 'a' }, { 'if-match': '"1"' })
    expect([stale.status, stale.json.error.code]).toEqual([410, 'deleted'])
  })

  // Covers IN-76
  it('cannot edit a reaction', async () => {
    await using server = await openServer()
    await server.post({ content: '👍', sender: 'bob', format: 'reaction', reply_to: 1 })
    const { status, json } = await server.edit({ content: '👎' }, {}, 2)
    expect([status, json.error.code]).toEqual([422, 'not_editable'])
  })

  it('finds the message by uid', async () => {
    await using server = await openServer()
    const { uid } = (await server.request('/messages/1')).json
    expect((await server.edit({ content: 'a' }, {}, uid)).json).toMatchObject({ id: 1, content: 'a' })
  })
})

describe('DELETE /messages/:key', () => {
  it('leaves a tombstone, also the second time', async () => {
    await using server = await openServer()
    await server.edit({ topic: 'deploys', content: 'secret' })
    for (let time = 1; time <= 2; time += 1) {
      const { status, text, headers } = await server.remove()
      expect([status, text, headers['content-type']]).toEqual([204, '', undefined])
    }
    for (const path of ['/messages/1', '/messages/1/history']) {
      const { status, json } = await server.request(path)
      expect([status, json.error.code]).toEqual([410, 'deleted'])
    }
    expect((await server.request('/messages')).json).toEqual([])
    const { json } = await server.request('/messages?deleted=true')
    expect(json).toMatchObject([{ id: 1, content: null, version: 3, topic: 'deploys', deleted: true }])
    expect(json[0]).not.toHaveProperty('format')
  })

  // Covers IN-77
  it('compares If-Match with the version, unless the message is deleted already', async () => {
    await using server = await openServer()
    expect((await server.remove({ 'if-match': '"2"' })).json.error.code).toBe('version_conflict')
    expect((await server.remove({ 'if-match': 'W/"1"' })).status).toBe(412)
    expect((await server.remove({ 'if-match': '1' })).json.error.code).toBe('invalid_precondition')
    expect((await server.remove({ 'if-match': '"1"' })).status).toBe(204)
    expect((await server.remove({ 'if-match': '"1"' })).status).toBe(204)
  })

  it('does not find an unknown message', async () => {
    await using server = await openServer()
    for (const key of [2, 'x', '0193a5c2-7b1e-7000-8000-000000000000']) {
      expect((await server.remove({}, key)).status).toBe(404)
    }
  })

  it('takes back a reaction', async () => {
    await using server = await openServer()
    await server.post({ content: '👍', sender: 'bob', format: 'reaction', reply_to: 1 })
    expect((await server.request('/messages')).json[0].reactions).toEqual({ '👍': ['bob'] })
    expect((await server.remove({}, 2)).status).toBe(204)
    expect((await server.request('/messages')).json[0]).not.toHaveProperty('reactions')
  })
})

describe('a change', () => {
  it('is rejected while the server shuts down', async () => {
    await using server = await openServer()
    server.health.draining = true
    expect((await server.edit({ content: 'a' })).json.error.code).toBe('shutting_down')
    expect((await server.remove()).json.error.code).toBe('shutting_down')
  })

  it('is counted once it is acknowledged', async () => {
    await using server = await openServer()
    await server.edit({ content: 'a' })
    await server.edit({})
    await server.remove()
    await server.remove({}, 2)
    const { text } = await server.request('/metrics')
    expect(text).toMatch(/^gitmsg_messages_edited_total 1$/m)
    expect(text).toMatch(/^gitmsg_messages_deleted_total 1$/m)
  })

  it('is rejected if the repository is held at format version 1, as is all that it cannot express', async () => {
    await using server = await openServer({ formatVersion: 1 })
    const responses = [
      await server.edit({ content: 'a' }),
      await server.remove(),
      await server.post({ content: 'a', sender: 'b', topic: 'c' }),
      await server.post({ content: 'a', sender: 'b', reply_to: 1 }),
      await server.post({ content: 'a', sender: 'b', format: 'markdown' }),
      await server.post({ content: '👍', sender: 'b', format: 'reaction', reply_to: 1 }),
    ]
    for (const { status, json } of responses) {
      expect([status, json.error.code]).toEqual([409, 'format_too_old'])
    }
    expect((await server.post({ content: 'a', sender: 'b', format: 'plain' })).status).toBe(201)
  })
})
