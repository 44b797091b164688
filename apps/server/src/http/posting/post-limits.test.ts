import { describe, expect, it } from 'vitest'
import {
  type AccountServerOptions,
  openAccountServer as openServer,
  outcomeOf,
} from '../../testing/servers/open-account-server.js'

/** A server whose limits see no time pass, however slow the machine is. */
const openAccountServer = (options: AccountServerOptions = {}) =>
  openServer({ monotonic: () => 0, ...options })

describe('posts of a person', () => {
  // Covers V2.4.1, IN-92
  it('are 20 at once, then one a second; headers name the policy that binds', async () => {
    await using server = await openAccountServer({ rateLimit: { requests: 1000, seconds: 60 } })
    const alice = server.as(await server.addPerson('alice'))
    const posts = Array.from({ length: 30 }, (_, number) => alice.post({ content: `${number}` }))
    const responses = await Promise.all(posts)
    const accepted = responses.filter(({ status }) => status === 201)
    const rejected = responses.filter(({ status }) => status === 429)
    expect([accepted.length, rejected.length]).toEqual([20, 10])
    expect(rejected[0]?.headers).toMatchObject({
      'ratelimit-policy': '"post";q=20;w=20',
      ratelimit: expect.stringMatching(/^"post";r=0;t=\d+$/),
      'retry-after': '1',
    })
    expect((await alice.get('/messages')).headers['ratelimit-policy']).toBe('"default";q=1000;w=60')
    const bob = server.as(await server.addPerson('bob'))
    expect((await bob.post({ content: 'a' })).headers.ratelimit).toBe('"post";r=19;t=1')
  })

  it('are counted for the account, whatever its tokens, and not for a service', async () => {
    await using server = await openAccountServer()
    const tokens = [await server.addPerson('alice'), await server.addToken('alice', ['write'])]
    const service = server.as(await server.addService('bot'))
    const responses = await Promise.all(
      Array.from({ length: 40 }, (_, number) =>
        server.as(tokens[number % 2] ?? null).post({ content: `${number}` }),
      ),
    )
    expect(responses.filter(({ status }) => status === 429)).toHaveLength(20)
    const posts = Array.from({ length: 40 }, (_, number) => service.post({ content: `${number}` }))
    for (const { status } of await Promise.all(posts)) expect(status).toBe(201)
  })

  it('and changes have a limit of their own, but not those of moderators', async () => {
    await using server = await openAccountServer()
    const alice = server.as(await server.addPerson('alice'))
    const mary = server.as(await server.addPerson('mary', 'moderator'))
    const { message_id: id } = (await alice.post({ content: 'a' })).json
    const edit = (who: typeof alice, number: number) =>
      who.send('PATCH', `/messages/${id}`, { content: `${number}` })
    const edits = await Promise.all(Array.from({ length: 30 }, (_, number) => edit(alice, number)))
    expect(edits.find(({ status }) => status === 429)?.headers['ratelimit-policy']).toBe('"change";q=20;w=20')
    expect((await alice.post({ content: 'b' })).status).toBe(201)
    const more = await Promise.all(Array.from({ length: 30 }, (_, number) => edit(mary, 100 + number)))
    expect(more.every(({ status }) => status === 200)).toBe(true)
  })
})

describe('slow mode', () => {
  const slowMode = new Map([
    ['deals', 60],
    ['*', 30],
  ])

  // Covers IN-92
  it('lets a person post to a topic once in its time, replies included, but not moderators', async () => {
    await using server = await openAccountServer({ accountsConfig: { slowMode } })
    const alice = server.as(await server.addPerson('alice'))
    const mary = server.as(await server.addPerson('mary', 'moderator'))
    const first = await alice.post({ content: 'a', topic: 'deals' })
    expect([first.status, first.headers.ratelimit]).toEqual([201, '"slow";r=0;t=60'])
    const rejected = await alice.post({ content: 'b', topic: 'deals' })
    expect([outcomeOf(rejected), rejected.headers['retry-after']]).toEqual(['429 rate_limited', '60'])
    const reply = await alice.post({ content: 'c', reply_to: first.json.message_id })
    expect(outcomeOf(reply)).toBe('429 rate_limited')
    expect((await alice.post({ content: 'd', topic: 'news' })).status).toBe(201)
    expect((await alice.post({ content: 'e' })).headers['ratelimit-policy']).toBe('"slow";q=1;w=30')
    for (const content of ['a', 'b']) expect((await mary.post({ content, topic: 'deals' })).status).toBe(201)
  })
})

describe('the quota of a day', () => {
  // Covers IN-92
  it('is stored, counts only what was accepted, and ends at midnight in UTC', async () => {
    await using server = await openAccountServer({ accountsConfig: { dailyPosts: 2 } })
    const alice = server.as(await server.addPerson('alice'))
    expect((await alice.post({ content: 'a' })).headers['ratelimit-policy']).toBe('"daily";q=2;w=86400')
    expect(outcomeOf(await alice.post({ content: 'x', reply_to: 9 }))).toBe('422 invalid_reply_to')
    expect((await alice.post({ content: 'b' })).status).toBe(201)
    const rejected = await alice.post({ content: 'c' })
    expect([outcomeOf(rejected), rejected.json.error.message]).toEqual([
      '429 rate_limited',
      'You have posted as often as is allowed on one day.',
    ])
    expect(Number(rejected.headers['retry-after'])).toBeLessThanOrEqual(86_400)
    expect((await server.accounts.dailyPosts.take('alice', 3)).remaining).toBe(0)
  })
})

describe('the same text again', () => {
  // Covers IN-92
  it('by the same sender in the same topic is a duplicate, without an idempotency key', async () => {
    await using server = await openAccountServer()
    const alice = server.as(await server.addPerson('alice'))
    const bob = server.as(await server.addPerson('bob'))
    const { message_id: id } = (await alice.post({ content: 'a' })).json
    expect(outcomeOf(await alice.post({ content: 'a' }))).toBe('409 duplicate_message')
    expect((await alice.post({ content: 'a', topic: 'other' })).status).toBe(201)
    expect((await alice.post({ content: 'a' }, { 'idempotency-key': 'k' })).status).toBe(201)
    expect((await bob.post({ content: 'a' })).status).toBe(201)
    const reaction = { content: '👍', format: 'reaction' }
    for (const reply_to of [id, id, id + 1]) {
      expect((await alice.post({ ...reaction, reply_to })).status).toBe(201)
    }
    const both = await Promise.all([alice.post({ content: 'z' }), alice.post({ content: 'z' })])
    expect(both.map(outcomeOf).toSorted()).toEqual(['201', '409 duplicate_message'])
  })

  it('is not a duplicate if the first one was rejected', async () => {
    await using server = await openAccountServer({ accountsConfig: { hold: 'all' } })
    const alice = server.as(await server.addPerson('alice'))
    const full = { handle: 'alice', post: '{}', reason: 'all' }
    for (let number = 0; number < 20; number += 1)
      await server.accounts.held.hold({ ...full, uid: `${number}` })
    expect(outcomeOf(await alice.post({ content: 'a' }))).toBe('429 too_many_held')
    expect(outcomeOf(await alice.post({ content: 'a' }))).toBe('429 too_many_held')
  })
})

describe('addresses', () => {
  // Covers IN-94
  it('on the deny list are rejected, behind a trusted proxy too', async () => {
    await using denied = await openAccountServer({ denied: ['127.0.0.0/8'] })
    expect(outcomeOf(await denied.as(null).get('/healthz'))).toBe('403 address_denied')
    await using proxied = await openAccountServer({
      ...{ trustedProxies: ['127.0.0.1'], denied: ['192.0.2.0/24'] },
    })
    const via = (address: string) =>
      proxied.as(null).get('/healthz', { headers: { 'x-forwarded-for': address } })
    expect(outcomeOf(await via('192.0.2.9'))).toBe('403 address_denied')
    expect(outcomeOf(await via('203.0.113.9, 192.0.2.9'))).toBe('403 address_denied')
    expect(outcomeOf(await via('192.0.2.9, 203.0.113.9'))).toBe('200')
  })

  it('behind a trusted proxy have limits of their own; an IPv6 client is its /64', async () => {
    await using server = await openAccountServer({
      ...{ trustedProxies: ['127.0.0.1'], rateLimit: { requests: 2, seconds: 60 } },
    })
    const via = async (address: string) =>
      (await server.as(null).get('/healthz', { headers: { 'x-forwarded-for': address } })).status
    const statuses: number[] = []
    for (const address of ['192.0.2.1', '192.0.2.1', '192.0.2.1', 'spoofed, 192.0.2.1', '192.0.2.2']) {
      statuses.push(await via(address))
    }
    expect(statuses).toEqual([200, 200, 429, 429, 200])
    const sixes = []
    for (const host of ['1', '2', '3']) sixes.push(await via(`2001:db8::${host}`))
    expect([...sixes, await via('2001:db8:0:1::1')]).toEqual([200, 200, 429, 200])
  })
})
