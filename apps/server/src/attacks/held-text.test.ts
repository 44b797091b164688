import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWelcomed } from '../testing/live/open-socket.js'
import { openLog } from '../testing/open-log.js'
import { openGitServer } from '../testing/servers/open-git-server.js'

/** Words that only held posts have: one that waits, one that was rejected. */
const WAITING = { content: 'xylophonewaiting http://a.example', topic: 'xylophonetopic' }
const REJECTED = { content: 'xylophonerejected' }
const HELD = /xylophone/

type Client = ReturnType<Awaited<ReturnType<typeof openGitServer>>['as']>

let server: Awaited<ReturnType<typeof openGitServer>>
let frames: unknown[]
let lines: unknown[]
let clients: Readonly<Record<'author' | 'reader' | 'admin', Client>>

beforeAll(async () => {
  const log = openLog('trace')
  server = await openGitServer({ accountsConfig: { hold: 'all' }, logger: log.logger })
  const token = await server.addPerson('ada', 'admin')
  const admin = server.as(token)
  clients = {
    author: server.as(await server.addPerson('eve')),
    reader: server.as(await server.addPerson('bob', 'reader')),
    admin,
  }
  using socket = await openWelcomed(server.url, { hello: { token } })
  await admin.post({ content: 'public' })
  await clients.author.post(WAITING, { 'idempotency-key': 'xylophonekey' })
  const { held_id: id } = (await clients.author.post(REJECTED)).json
  expect((await admin.get('/moderation')).text).toMatch(HELD)
  await admin.send('POST', `/moderation/${id}/reject`)
  await admin.post({ content: 'public, too' })
  await socket.until(
    ({ type, messages }) => type === 'messages' && JSON.stringify(messages).includes('public, too'),
  )
  frames = socket.frames
  lines = log.lines()
})
afterAll(() => server[Symbol.asyncDispose]())

describe('a held text leaks', () => {
  // Covers IN-93
  it.each(['author', 'reader', 'admin'] as const)('into nothing that the API reads: %s', async (name) => {
    const client = clients[name]
    for (const path of [
      ...[
        '/messages',
        '/messages?format=reaction',
        '/messages?deleted=true',
        '/messages?sender=eve',
        '/topics',
      ],
      ...[
        '/messages?topic=xylophonetopic',
        '/changes',
        '/search?q=xylophonewaiting',
        '/search?q=xylo*',
        '/sync',
      ],
      ...['/messages/1/history', '/messages/1/thread', '/search?q=public&sort=relevance', '/openapi.json'],
      ...['/sync/quarantined', '/metrics', '/reports', '/audit', '/tokens', '/accounts', '/readyz'],
    ]) {
      const { status, text } = await client.get(path)
      expect([path, status]).toEqual([path, name === 'admin' ? 200 : expect.any(Number)])
      expect([path, text]).toEqual([path, expect.not.stringMatching(HELD)])
    }
  })

  it('into no frame of the live channel', () => {
    expect(JSON.stringify(frames)).toContain('public, too')
    expect(JSON.stringify(frames)).not.toMatch(HELD)
  })

  it('into no line of the log, at any level', () => {
    expect(lines.length).toBeGreaterThan(5)
    expect(JSON.stringify(lines)).not.toMatch(HELD)
  })

  it('into no object of the repository', async () => {
    const everything = await server.readRepository()
    expect([everything.includes('public, too'), HELD.test(everything)]).toEqual([true, false])
  })

  it('into no response about it: neither the post itself nor a duplicate repeats it', async () => {
    const again = await clients.author.post(WAITING)
    const other = await clients.reader.post(WAITING)
    const approve = await clients.author.send('POST', '/moderation/1/approve')
    for (const { status, text } of [again, other, approve]) {
      expect([status, text]).toEqual([expect.any(Number), expect.not.stringMatching(HELD)])
    }
  })

  it('into no count: what waits and what was rejected is not a message, a topic or pending', async () => {
    const metrics = (await clients.admin.get('/metrics')).text
    expect(metrics.split('\n')).toContain('gitmsg_acked_total 2')
    expect((await clients.admin.get('/messages')).json).toHaveLength(2)
    expect((await clients.admin.get('/topics')).json).toEqual([])
  })

  it('no longer once it is rejected, anywhere: its text is erased', async () => {
    expect((await clients.admin.get('/moderation')).text).not.toMatch(/xylophonerejected/)
    expect(JSON.stringify(await server.accounts.held.list())).not.toMatch(/xylophonerejected/)
  })
})
