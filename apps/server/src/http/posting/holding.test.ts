import { describe, expect, it } from 'vitest'
import { openAccountServer, outcomeOf } from '../../testing/servers/open-account-server.js'
import { createApprovals } from './approvals.js'
import { holdReason } from './hold-rules.js'

const all = { accountsConfig: { hold: 'all' } } as const
const newcomers = { accountsConfig: { hold: 'newcomers' } } as const
const keyed = (key: string) => ({ 'idempotency-key': key })

describe('holdReason()', () => {
  const member = { kind: 'person', role: 'member' } as const
  const links = 'https://a.example http://b.example www.c.example'

  it.each([
    [{ ...member, posts: 0 }, 'Hi', 'none', null],
    [{ ...member, posts: 10 }, 'Hi', 'all', 'all'],
    [{ ...member, posts: 2 }, 'Hi', 'newcomers', 'newcomer'],
    [{ ...member, posts: 3 }, 'Hi', 'newcomers', null],
    [{ ...member, posts: 3 }, links, 'newcomers', 'links'],
    [{ ...member, posts: 9 }, links.toUpperCase(), 'newcomers', 'links'],
    [{ ...member, posts: 9 }, 'https://a.example http://b.example', 'newcomers', null],
    [{ ...member, posts: 10 }, links, 'newcomers', null],
    [{ ...member, role: 'moderator', posts: 0 }, links, 'all', null],
    [{ ...member, role: 'admin', posts: 0 }, links, 'all', null],
    [{ kind: 'service', role: 'member', posts: 0 }, links, 'all', null],
  ] as const)('of %j with %j under %s is %j', (account, content, hold, reason) => {
    expect(holdReason(account, content, hold)).toBe(reason)
  })
})

describe('a held post', () => {
  // Covers IN-93
  it('is 202, in no list, and a message once a moderator approves it', async () => {
    await using server = await openAccountServer(all)
    const alice = server.as(await server.addPerson('alice'))
    const mary = server.as(await server.addPerson('mary', 'moderator'))
    const held = await alice.post({ content: 'Buy this', topic: 'deals' })
    expect([held.status, held.json]).toEqual([202, { status: 'held', held_id: 1 }])
    expect(held.headers.location).toBeUndefined()
    for (const path of ['/messages', '/topics']) expect((await mary.get(path)).json).toEqual([])
    expect((await mary.get('/changes')).json.messages).toEqual([])
    expect((await mary.get('/sync')).json.pending).toBe(0)
    expect((await mary.get('/moderation')).json).toMatchObject([
      { held_id: 1, account: 'alice', reason: 'all', content: 'Buy this', topic: 'deals', sender: 'alice' },
    ])
    const approved = await mary.send('POST', '/moderation/1/approve')
    expect([approved.status, approved.json]).toEqual([200, { status: 'success', message_id: 1 }])
    const [message] = (await mary.get('/messages')).json
    expect(message).toMatchObject({ id: 1, content: 'Buy this', sender: 'alice', topic: 'deals' })
    expect((await mary.get('/moderation')).json).toEqual([])
    expect(outcomeOf(await mary.send('POST', '/moderation/1/approve'))).toBe('404 not_found')
    expect(outcomeOf(await mary.send('POST', '/moderation/1/reject'))).toBe('404 not_found')
  })

  it('keeps the time at which it was posted', async () => {
    let now = Date.UTC(2025, 0, 9)
    await using server = await openAccountServer({ ...all, clock: () => now })
    const alice = server.as(await server.addPerson('alice'))
    await alice.post({ content: 'a' })
    now += 60_000
    await createApprovals({ ...server, logger: null as never }).approve(1, 'mary')
    expect((await alice.get('/messages')).json[0].timestamp).toBe('2025-01-09T00:00:00.000Z')
  })

  it('is gone once it is rejected, and nothing was ever published', async () => {
    await using server = await openAccountServer(all)
    const alice = server.as(await server.addPerson('alice'))
    const mary = server.as(await server.addPerson('mary', 'moderator'))
    await alice.post({ content: 'Buy this' }, keyed('k'))
    expect(outcomeOf(await mary.send('POST', '/moderation/1/reject'))).toBe('204')
    expect((await mary.get('/moderation')).json).toEqual([])
    expect((await mary.get('/changes')).json.messages).toEqual([])
    const again = await alice.post({ content: 'Buy this' }, keyed('k'))
    expect([again.status, again.json.held_id]).toEqual([202, 1])
    expect((await mary.get('/moderation')).json).toEqual([])
  })

  // Covers IN-38, IN-39
  it('is the same for the same idempotency key, before and after it is approved', async () => {
    await using server = await openAccountServer(all)
    const alice = server.as(await server.addPerson('alice'))
    const post = (content: string) => alice.post({ content }, keyed('k'))
    const responses = await Promise.all(Array.from({ length: 10 }, () => post('a')))
    expect(new Set(responses.map(({ status, text }) => `${status} ${text}`))).toEqual(
      new Set(['202 {"status":"held","held_id":1}']),
    )
    expect(outcomeOf(await post('b'))).toBe('422 idempotency_key_reused')
    await createApprovals({ ...server, logger: null as never }).approve(1, 'mary')
    expect((await post('a')).json).toEqual({ status: 'held', held_id: 1 })
    expect(await server.engine.list()).toHaveLength(1)
  })

  it('is checked like any post before it is held', async () => {
    await using server = await openAccountServer(all)
    const alice = server.as(await server.addPerson('alice'))
    expect(outcomeOf(await alice.post({ content: ' ' }))).toBe('422 empty')
    expect(outcomeOf(await alice.post({ content: 'a', reply_to: 9 }))).toBe('422 invalid_reply_to')
    expect(await server.accounts.held.list()).toEqual([])
  })

  it('waits again if it cannot be published, and can be rejected then', async () => {
    await using server = await openAccountServer(all)
    const alice = server.as(await server.addPerson('alice'))
    const mary = server.as(await server.addPerson('mary', 'moderator'))
    const { message_id: id } = (await mary.post({ content: 'a' })).json
    await alice.post({ content: 'b', reply_to: id })
    await mary.delete(`/messages/${id}`)
    expect(outcomeOf(await mary.send('POST', '/moderation/1/approve'))).toBe('422 invalid_reply_to')
    expect((await mary.get('/moderation')).json).toHaveLength(1)
    expect(outcomeOf(await mary.send('POST', '/moderation/1/reject'))).toBe('204')
  })

  // Covers IN-93
  it('cannot be too many: 20 of an account', async () => {
    await using server = await openAccountServer(all)
    const alice = server.as(await server.addPerson('alice'))
    for (let number = 0; number < 20; number += 1) await server.accounts.held.hold(draft(number))
    const rejected = await alice.post({ content: 'more' })
    expect(outcomeOf(rejected)).toBe('429 too_many_held')
    expect(rejected.headers['retry-after']).toBe('600')
  })

  const draft = (number: number) => ({ handle: 'alice', post: '{}', uid: `uid-${number}`, reason: 'all' })

  // Covers IN-93
  it('cannot be published by editing another message', async () => {
    await using server = await openAccountServer(newcomers)
    const token = await server.addPerson('alice')
    const alice = server.as(token)
    const { id } = await server.engine.post({ content: 'harmless', sender: 'alice' })
    const edit = (changes: object) => alice.send('PATCH', `/messages/${id}`, changes)
    expect(outcomeOf(await edit({ content: 'spam' }))).toBe('403 approval_required')
    for (let number = 0; number < 3; number += 1) await server.accounts.countPost('alice')
    expect(outcomeOf(await edit({ content: 'fine' }))).toBe('200')
    const links = 'https://a.example https://b.example'
    expect(outcomeOf(await edit({ content: links, topic: 'www.c.example' }))).toBe('403 approval_required')
    expect((await alice.delete(`/messages/${id}`)).status).toBe(204)
  })

  it('is rare: three approved posts make a newcomer a member like others', async () => {
    await using server = await openAccountServer(newcomers)
    const alice = server.as(await server.addPerson('alice'))
    const mary = server.as(await server.addPerson('mary', 'moderator'))
    for (let number = 1; number <= 3; number += 1) {
      expect((await alice.post({ content: `${number}` })).status).toBe(202)
      await mary.send('POST', `/moderation/${number}/approve`)
    }
    expect((await alice.post({ content: '4' })).status).toBe(201)
    const links = 'https://a.example https://b.example https://c.example'
    expect((await alice.post({ content: links })).status).toBe(202)
  })

  it('is not counted as a post again when the same is posted again', async () => {
    await using server = await openAccountServer(newcomers)
    const token = await server.addPerson('alice')
    for (let number = 0; number < 3; number += 1) await server.accounts.countPost('alice')
    await Promise.all(Array.from({ length: 9 }, () => server.as(token).post({ content: 'a' }, keyed('k'))))
    expect((await server.accounts.authenticate(token))?.posts).toBe(4)
  })
})

describe('an approval that a crash interrupts', () => {
  it('is completed at the next start, whether the message was published or not, and publishes it once', async () => {
    await using server = await openAccountServer(all)
    const alice = server.as(await server.addPerson('alice'))
    const lines: object[] = []
    const logger = { info: (fields: object) => lines.push(fields) } as never
    const approvals = createApprovals({ ...server, logger })
    await alice.post({ content: 'a' })
    await alice.post({ content: 'b' }, keyed('k'))
    const marked = await server.accounts.held.approve(1, 'mary')
    const published = await server.accounts.held.approve(2, 'mary')
    const accepted = { uid: published?.uid ?? '', at: published?.held_at ?? '' }
    await server.engine.post({ content: 'b', sender: 'alice' }, { accepted, idempotencyKey: 'k' })
    expect(marked).not.toBeNull()
    await approvals.resume()
    await approvals.resume()
    const contents = (await server.engine.list()).map(({ content }) => content)
    expect(contents.toSorted()).toEqual(['a', 'b'])
    expect(await server.accounts.held.list()).toEqual([])
    expect(lines).toEqual([{ held_id: 1 }, { held_id: 2 }])
  })
})
