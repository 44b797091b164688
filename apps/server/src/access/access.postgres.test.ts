import { describe, expect, it, vi } from 'vitest'
import { openWelcomed } from '../testing/live/open-socket.js'
import { openPostgresAccountServer, POSTGRES } from '../testing/open-postgres.js'

describe.skipIf(POSTGRES === null)('a server with accounts on PostgreSQL', () => {
  // Covers IN-57
  it('fails requests that need a token while the database is away, and no others', async () => {
    await using server = await openPostgresAccountServer()
    const alice = server.as(await server.addPerson('alice'))
    expect((await alice.get('/messages')).status).toBe(200)
    server.proxy.disconnect()
    await vi.waitFor(async () => expect((await alice.get('/messages')).status).toBe(503))
    const session = { handle: 'alice', password: 'correct horse battery' }
    const failed = [
      await alice.get('/readyz'),
      await alice.post({ content: 'Hi' }),
      await alice.get('/account'),
      await server.send('POST', '/session', session),
    ]
    for (const { status, json } of failed) {
      expect([status, json.error.code]).toEqual([503, 'storage_unavailable'])
    }
    expect((await alice.get('/healthz')).status).toBe(200)
    expect((await server.request('/messages')).status).toBe(401)
    server.proxy.reconnect()
    expect((await alice.post({ content: 'Hi' })).status).toBe(201)
  })

  it('rejects what another server has revoked or disabled within a second or so, on open sockets, too', async () => {
    await using server = await openPostgresAccountServer()
    await using other = await server.openOther()
    const [alice, bob] = [await server.addPerson('alice'), await server.addPerson('bob')]
    using ofAlice = await openWelcomed(server.url, { hello: { token: alice } })
    using ofBob = await openWelcomed(server.url, { hello: { token: bob } })
    const grant = await other.authenticate(alice)
    await other.tokens.revoke(grant?.token.id ?? 0, { actor: 'alice' })
    await other.change('bob', { disabled: true, actor: 'alice' })
    for (const { closed } of [ofAlice, ofBob]) expect((await closed).code).toBe(4401)
    for (const token of [alice, bob]) expect((await server.as(token).get('/messages')).status).toBe(401)
  })
})
