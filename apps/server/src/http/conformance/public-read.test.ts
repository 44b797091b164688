import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEvents } from '../../testing/live/open-events.js'
import { openSocket, openWelcomed } from '../../testing/live/open-socket.js'
import { openAccountServer, outcomeOf } from '../../testing/servers/open-account-server.js'
import { OPERATIONS } from '../openapi/endpoints.js'

/** What a stranger gets; everything else that needs a scope is 401. */
const READABLE: Readonly<Record<string, string>> = {
  'GET /messages': '200',
  'GET /messages/:key': '200',
  'GET /messages/:key/history': '200',
  'GET /messages/:key/thread': '200',
  'GET /search': '200',
  'GET /topics': '200',
  'GET /changes': '200',
  // Without a protocol, which this request does not name.
  'GET /live': '406 not_acceptable',
}

describe('a server whose messages are public', () => {
  let server: Awaited<ReturnType<typeof openAccountServer>>
  beforeAll(async () => {
    const accountsConfig = { isPublic: true, hold: 'newcomers' } as const
    server = await openAccountServer({ accountsConfig, allowedOrigins: ['https://blog.example.org'] })
    await server.engine.post({ content: 'for everyone', sender: 'zoe' })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  // Covers IN-98, V8.2.1
  it('lets a stranger read messages, and do nothing else', async () => {
    const expected: string[] = []
    const received: string[] = []
    for (const [endpoint, { scopes }] of Object.entries(OPERATIONS)) {
      if (scopes.length === 0) continue
      const [method = '', path = ''] = endpoint.split(' ')
      const query = endpoint === 'GET /search' ? '?q=everyone' : ''
      const response = await server.request(`${path.replace(/:\w+/, '1')}${query}`, { method })
      expected.push(`${endpoint}: ${READABLE[endpoint] ?? '401 missing_token'}`)
      received.push(`${endpoint}: ${outcomeOf(response)}`)
    }
    expect(received).toEqual(expected)
    expect(Object.keys(READABLE).filter((endpoint) => !(endpoint in OPERATIONS))).toEqual([])
  })

  // Covers IN-98
  it('rejects a token that is not valid, wherever it is sent', async () => {
    const { as, url } = server
    expect(outcomeOf(await as('gitmsgs_wrong').get('/messages'))).toBe('401 invalid_token')
    using live = await openSocket(url, { hello: { token: 'gitmsgs_wrong' } })
    expect((await live.closed).code).toBe(4401)
    const events = await openEvents(url, { headers: { authorization: 'Bearer gitmsgs_wrong' } })
    expect(events.status).toBe(401)
    events.close()
  })

  // Covers IN-98
  it('shows a stranger what changes, but not what is held and not where the repository is', async () => {
    const { as, addPerson, url, engine } = server
    const member = as(await addPerson('bob'))
    const moderator = as(await addPerson('mo', 'moderator'))
    using stranger = await openWelcomed(url, { hello: { topics: ['page'] } })
    expect(stranger.frames[0]).toMatchObject({ sender: null, scopes: ['read'] })
    const reader = await server.addToken('mo', ['read'])
    using known = await openWelcomed(url, { hello: { token: reader } })
    const held = await member.post({ content: 'held text', topic: 'page' })
    await engine.post({ content: 'elsewhere', sender: 'zoe', topic: 'other' })
    await moderator.send('POST', `/moderation/${held.json.held_id}/approve`)
    const isApproved = ({ messages = [] }: { messages?: { content: string }[] }) =>
      messages.some(({ content }) => content === 'held text')
    await stranger.until(isApproved)
    await known.until(({ type }) => type === 'sync')
    expect(stranger.frames.filter(({ type }) => type === 'sync')).toEqual([])
    expect(JSON.stringify(stranger.frames)).not.toContain('elsewhere')
    const second = await member.post({ content: 'still waiting', topic: 'page' })
    expect(second.status).toBe(202)
    expect((await server.request('/messages')).text).not.toContain('still waiting')
  })

  it('ends the live connection of a session that ends, instead of treating it as a stranger', async () => {
    const token = await server.addPerson('carol')
    using live = await openWelcomed(server.url, { hello: { token } })
    await server.as(token).delete('/session')
    expect((await live.closed).code).toBe(4401)
  })
})
