import { describe, expect, it } from 'vitest'
import { openAccountServer, outcomeOf, PASSWORD } from '../testing/servers/open-account-server.js'
import type { TestResponse } from '../testing/servers/open-test-server.js'

/** The clock of limits stands still, and each request can claim an address of its own. */
const openTarget = () => openAccountServer({ monotonic: () => 0, trustedProxies: ['127.0.0.1'] })
type Target = Awaited<ReturnType<typeof openTarget>>

const signIn = (server: Target, handle: string, { password = 'wrong', peer = '192.0.2.1' } = {}) =>
  server.as(null).send('POST', '/session', { handle, password }, { 'x-forwarded-for': peer })

/** All that a client can tell responses apart by. */
function visible({ status, headers, json }: TestResponse): string {
  const { date: _, 'x-request-id': __, ...other } = headers
  const { request_id: ___, ...error } = json.error
  return JSON.stringify([status, other, error])
}

describe('asking which accounts there are', () => {
  it('by signing in fails: the responses are the same for every handle', async () => {
    await using server = await openTarget()
    await server.addPerson('ada')
    await server.addPerson('bob')
    await server.addService('bot')
    await server.accounts.change('bob', { disabled: true, actor: 'setup' })
    const responses = await Promise.all(
      ['ada', 'bob', 'bot', 'absent'].map((handle, peer) =>
        signIn(server, handle, { peer: `192.0.2.${peer}` }),
      ),
    )
    expect(new Set(responses.map(visible)).size).toBe(1)
  })

  it('by failing too often fails: unknown handles are limited in the same way', async () => {
    await using server = await openTarget()
    await server.addPerson('ada')
    const seen = new Set<string>()
    for (const handle of ['ada', 'absent']) {
      const responses: string[] = []
      for (let count = 0; count < 7; count += 1) {
        responses.push(visible(await signIn(server, handle, { peer: `${handle.length}.0.2.${count}` })))
      }
      seen.add(responses.join())
    }
    expect(seen.size).toBe(1)
  })

  it('by joining without a valid link fails: it tells neither accounts nor earlier senders', async () => {
    await using server = await openTarget()
    await server.addPerson('ada')
    await server.engine.post({ content: 'Before accounts', sender: 'carol' })
    for (const link of [undefined, 'x', `gitmsgj_${'a'.repeat(43)}`]) {
      const responses = await Promise.all(
        ['ada', 'carol', 'absent'].map((handle, peer) =>
          server
            .as(null)
            .send(
              'POST',
              '/join',
              { link, handle, password: PASSWORD },
              { 'x-forwarded-for': `192.0.2.${peer}` },
            ),
        ),
      )
      expect(new Set(responses.map(visible)).size).toBe(1)
    }
  })

  it('by the numbers of tokens fails: those of others are like unknown ones', async () => {
    await using server = await openTarget()
    const ada = server.as(await server.addPerson('ada'))
    await server.addPerson('bob')
    const [{ id } = { id: 0 }] = await server.accounts.tokens.list({ handle: 'bob' })
    const responses = [await ada.delete(`/tokens/${id}`), await ada.delete('/tokens/99999')]
    expect(new Set(responses.map(visible)).size).toBe(1)
    expect((await ada.get('/tokens?account=bob')).json).toEqual([])
  })
})

// Covers V6.3.2
it('there are no default accounts to try', async () => {
  await using server = await openTarget()
  expect(await server.accounts.list()).toEqual([])
  for (const [peer, handle] of ['admin', 'root', 'gitmsg', 'setup', 'administrator'].entries()) {
    for (const password of ['', 'admin', handle, PASSWORD]) {
      const response = await signIn(server, handle, { password, peer: `192.0.2.${peer}` })
      expect(outcomeOf(response)).toBe('401 invalid_credentials')
    }
  }
})

describe('guessing a password', () => {
  it('from one address ends after five attempts, even with the right one', async () => {
    await using server = await openTarget()
    await server.addPerson('ada')
    for (let count = 0; count < 5; count += 1) {
      expect(outcomeOf(await signIn(server, 'ada'))).toBe('401 invalid_credentials')
    }
    expect(outcomeOf(await signIn(server, 'ada', { password: PASSWORD }))).toBe('429 rate_limited')
  })

  // Covers V6.3.1
  it('from many addresses ends after five attempts, even with the right one', async () => {
    await using server = await openTarget()
    await server.addPerson('ada')
    for (let count = 0; count < 5; count += 1) await signIn(server, 'ada', { peer: `192.0.2.${count}` })
    const last = await signIn(server, 'ada', { password: PASSWORD, peer: '198.51.100.1' })
    expect(outcomeOf(last)).toBe('429 rate_limited')
  })

  it('a hundred times at once checks at most five', async () => {
    await using server = await openTarget()
    await server.addPerson('ada')
    const attempts = Array.from({ length: 100 }, (_, peer) =>
      signIn(server, 'ada', { peer: `192.0.2.${peer}` }),
    )
    const outcomes = (await Promise.all(attempts)).map(outcomeOf)
    expect(outcomes.filter((outcome) => outcome === '401 invalid_credentials')).toHaveLength(5)
    expect(new Set(outcomes)).toEqual(new Set(['401 invalid_credentials', '429 rate_limited']))
  })

  it('under other spellings of the handle gives no more attempts at it', async () => {
    await using server = await openTarget()
    await server.addPerson('ada')
    for (const handle of ['Ada', 'ADA', ' ada', 'ada ', 'аda', 'ａｄａ', 'ada\u200b', 'ada\0']) {
      const response = await signIn(server, handle, { password: PASSWORD, peer: `192.0.2.${handle.length}` })
      expect([handle, response.status]).toEqual([
        handle,
        expect.toSatisfy((status) => status === 401 || status === 429),
      ])
    }
  })

  it('with a stolen session, by changing it, counts in the same way', async () => {
    await using server = await openTarget()
    const thief = server.as(await server.addPerson('ada'))
    const guess = (current_password: string) =>
      thief.send('PUT', '/account/password', { current_password, new_password: 'staple of another horse' })
    for (let count = 0; count < 5; count += 1) {
      expect(outcomeOf(await guess(`guess ${count}`))).toBe('401 invalid_credentials')
    }
    expect(outcomeOf(await guess(PASSWORD))).toBe('429 rate_limited')
  })

  it('does not lock the account out of its sessions', async () => {
    await using server = await openTarget()
    const ada = server.as(await server.addPerson('ada'))
    for (let count = 0; count < 30; count += 1) await signIn(server, 'ada', { peer: `192.0.2.${count}` })
    expect((await ada.post({ content: 'Still here' })).status).toBe(201)
  })
})

describe('trying leaked pairs of handles and passwords', () => {
  it('from one address ends after 20', async () => {
    await using server = await openTarget()
    await server.addPerson('ada')
    for (let count = 0; count < 20; count += 1) await signIn(server, `person-${count}`)
    expect(outcomeOf(await signIn(server, 'ada', { password: PASSWORD }))).toBe('429 rate_limited')
  })

  it('from many addresses of one IPv6 network ends after 20', async () => {
    await using server = await openTarget()
    await server.addPerson('ada')
    const peer = (count: number) => `2001:db8:0:1:${count.toString(16)}::${count}`
    for (let count = 1; count <= 20; count += 1)
      await signIn(server, `person-${count}`, { peer: peer(count) })
    const last = await signIn(server, 'ada', { password: PASSWORD, peer: '2001:db8::1:ffff:ffff:ffff:ffff' })
    expect(outcomeOf(last)).toBe('429 rate_limited')
    const other = await signIn(server, 'ada', { password: PASSWORD, peer: '2001:db8:0:2::1' })
    expect(other.status).toBe(201)
  })

  // Covers V6.3.4
  it('goes on at no other endpoint that signs in: they share one limit', async () => {
    await using server = await openTarget()
    const from = { 'x-forwarded-for': '192.0.2.1' }
    const stranger = server.as(null)
    for (let count = 0; count < 10; count += 1) {
      await stranger.send(
        'POST',
        '/join',
        { link: `gitmsgj_${count}`, handle: 'eve', password: PASSWORD },
        from,
      )
      await stranger.send('POST', '/reset', { link: `gitmsgr_${count}`, password: PASSWORD }, from)
    }
    expect(outcomeOf(await signIn(server, 'ada'))).toBe('429 rate_limited')
  })

  it('from so many addresses that passwords are checked without pause leaves the server responsive', async () => {
    await using server = await openTarget()
    const attempts = Array.from({ length: 80 }, (_, count) =>
      signIn(server, `person-${count}`, { peer: `192.0.2.${count}` }),
    )
    expect((await server.request('/healthz')).status).toBe(200)
    const outcomes = new Set((await Promise.all(attempts)).map(outcomeOf))
    outcomes.delete('503 sign_in_busy')
    expect(outcomes).toEqual(new Set(['401 invalid_credentials']))
  })
})

describe('guessing tokens and links', () => {
  it('of the right form is limited by the address, and never finds one', async () => {
    await using server = await openAccountServer({
      monotonic: () => 0,
      rateLimit: { requests: 60, seconds: 1 },
    })
    await server.addPerson('ada')
    const guess = (count: number) => {
      const end = String(count).padStart(43, 'a')
      return server.as(`${['gitmsg_', 'gitmsgs_'][count % 2]}${end}`).get('/account')
    }
    for (let count = 0; count < 60; count += 1)
      expect(outcomeOf(await guess(count))).toBe('401 invalid_token')
    expect(outcomeOf(await guess(60))).toBe('429 rate_limited')
  })
})
