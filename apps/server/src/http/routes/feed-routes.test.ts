import { describe, expect, it } from 'vitest'
import { openTestServer } from '../../testing/servers/open-test-server.js'

describe('GET /changes', () => {
  it('lists each message once, as it is now, at the place of its last change', async () => {
    await using server = await openTestServer({ isStandby: true })
    await server.post({ content: 'one', sender: 'a' })
    await server.post({ content: 'two', sender: 'a' })
    await server.post({ content: 'three', sender: 'a' })
    await server.send('PATCH', '/messages/1', { content: 'edited' })
    await server.request('/messages/2', { method: 'DELETE' })
    await server.post({ content: '👍', sender: 'b', format: 'reaction', reply_to: 3 })
    const { json, headers } = await server.request('/changes')
    const { epoch, position } = await server.store.position()
    expect(Object.keys(json)).toEqual(['epoch', 'position', 'messages'])
    expect([json.epoch, json.position]).toEqual([epoch, position])
    expect(headers['gitmsg-position']).toBe(`${epoch}:${position}`)
    expect(json.messages.map(({ id }: { id: number }) => id).toSorted()).toEqual([1, 2, 3, 4])
    const positions = json.messages.map(({ position }: { position: number }) => position)
    expect(positions).toEqual(positions.toSorted((one: number, other: number) => one - other))
    const byId = new Map<number, object>(
      json.messages.map((message: { id: number }) => [message.id, message]),
    )
    expect(byId.get(1)).toEqual((await server.request('/messages/1')).json)
    expect(byId.get(2)).toMatchObject({
      content: null,
      version: 2,
      deleted: true,
      sync: { state: 'pending' },
    })
    expect(byId.get(3)).toMatchObject({ reactions: { '👍': ['b'] } })
    expect(byId.get(4)).toMatchObject({ format: 'reaction', content: '👍' })
  })

  it('goes on after a position, in pages, until there is nothing left', async () => {
    await using server = await openTestServer({ isStandby: true })
    for (let number = 1; number <= 5; number += 1) await server.post({ content: `${number}`, sender: 'a' })
    const { epoch } = await server.store.position()
    const ids: number[][] = []
    let after = `${epoch}:0`
    for (let isLast = false; !isLast; ) {
      const { json } = await server.request(`/changes?after=${after}&limit=2`)
      ids.push(json.messages.map(({ id }: { id: number }) => id))
      isLast = json.messages.length === 0
      if (isLast) expect(`${json.epoch}:${json.position}`).toBe(after)
      after = `${json.epoch}:${json.position}`
    }
    expect(ids).toEqual([[1, 2], [3, 4], [5], []])
    await server.send('PATCH', '/messages/2', { content: 'b' })
    expect((await server.request(`/changes?after=${after}`)).json.messages).toMatchObject([{ id: 2 }])
  })

  it('is empty in a new database', async () => {
    await using server = await openTestServer()
    const { epoch, position } = await server.store.position()
    expect((await server.request('/changes')).json).toEqual({ epoch, position: 0, messages: [] })
    expect(position).toBe(0)
  })

  // Covers IN-80
  it.each([
    ['after=', 400, 'invalid_cursor'],
    ['after=1', 400, 'invalid_cursor'],
    ['after=EPOCH', 400, 'invalid_cursor'],
    ['after=EPOCH:', 400, 'invalid_cursor'],
    ['after=EPOCH:-1', 400, 'invalid_cursor'],
    ['after=EPOCH:01', 400, 'invalid_cursor'],
    ['after=EPOCH:1.0', 400, 'invalid_cursor'],
    ['after=EPOCH:99999999999999999999', 400, 'invalid_cursor'],
    ['after=%00:1', 400, 'invalid_cursor'],
    ['after=%ff:1', 400, 'invalid_query'],
    ['after=EPOCH:0&after=EPOCH:0', 400, 'invalid_query'],
    ['before=EPOCH:0', 400, 'invalid_query'],
    ['limit=0', 400, 'invalid_query'],
    ['limit=1001', 400, 'invalid_query'],
    ['after=other:0', 409, 'epoch_changed'],
    ['after=EPOCH:2', 409, 'position_ahead'],
    ['after=EPOCH:999999999999999', 409, 'position_ahead'],
  ])('rejects what is not a place of this feed: %s', async (query, status, code) => {
    await using server = await openTestServer({ isStandby: true })
    await server.post({ content: 'a', sender: 'b' })
    const { epoch } = await server.store.position()
    const response = await server.request(`/changes?${query.replaceAll('EPOCH', epoch)}`)
    expect([response.status, response.json.error.code]).toEqual([status, code])
  })

  it('rejects positions from before the synchronization was reset', async () => {
    await using server = await openTestServer({ isStandby: true })
    await server.post({ content: 'a', sender: 'b' })
    const before = String((await server.request('/messages')).headers['gitmsg-position'])
    await server.store.resetSynchronization()
    expect((await server.request(`/changes?after=${before}`)).json.error.code).toBe('epoch_changed')
    const after = String((await server.request('/messages')).headers['gitmsg-position'])
    expect((await server.request(`/changes?after=${after}`)).status).toBe(200)
  })
})
