import { describe, expect, it } from 'vitest'
import { openAccountServer, outcomeOf, PASSWORD } from '../testing/servers/open-account-server.js'

const NEXT = 'staple of another horse'
const DAY_MS = 86_400_000
const CREATED = { actor: 'setup' }

describe('a token that was seen once', () => {
  // Covers V7.2.1, V7.4.1
  it('is worth nothing after its owner has signed out', async () => {
    await using server = await openAccountServer()
    const ada = server.as(await server.addPerson('ada'))
    await ada.delete('/session')
    expect(outcomeOf(await ada.get('/messages'))).toBe('401 invalid_token')
  })

  // Covers V7.4.2
  it('is worth nothing once the account is disabled, and does not come back with it', async () => {
    await using server = await openAccountServer()
    const session = server.as(await server.addPerson('ada'))
    const access = server.as(await server.addToken('ada', ['read']))
    await server.accounts.change('ada', { disabled: true, actor: 'setup' })
    expect(outcomeOf(await session.get('/messages'))).toBe('401 invalid_token')
    expect(outcomeOf(await access.get('/messages'))).toBe('401 invalid_token')
    await server.accounts.change('ada', { disabled: false, actor: 'setup' })
    expect(outcomeOf(await session.get('/messages'))).toBe('401 invalid_token')
  })

  // Covers V7.3.1, V7.3.2
  it('of a session is worth nothing after 7 days without use, or 30 days with it', async () => {
    let now = Date.UTC(2025, 0, 9)
    await using server = await openAccountServer({ clock: () => now })
    const idle = server.as(await server.addPerson('ada'))
    const busy = server.as(await server.addPerson('bob'))
    now += 7 * DAY_MS
    expect((await idle.get('/messages')).status).toBe(401)
    now -= 7 * DAY_MS
    for (let day = 0; day < 6; day += 1) {
      expect((await busy.get('/messages')).status).toBe(200)
      now += 5 * DAY_MS
    }
    expect((await busy.get('/messages')).status).toBe(401)
  })

  it('loses the rights that its account loses', async () => {
    await using server = await openAccountServer()
    await server.addPerson('ada', 'admin')
    const bob = server.as(await server.addPerson('bob', 'admin'))
    expect((await bob.get('/audit')).status).toBe(200)
    await server.accounts.change('bob', { role: 'reader', actor: 'ada' })
    expect(outcomeOf(await bob.get('/audit'))).toBe('403 insufficient_scope')
    expect(outcomeOf(await bob.post({ content: 'a' }))).toBe('403 insufficient_scope')
  })

  // Covers V14.2.1
  it('is rejected in a URL, in a cookie and under another scheme', async () => {
    await using server = await openAccountServer()
    const token = await server.addPerson('ada')
    expect(outcomeOf(await server.request(`/account?access_token=${token}`))).toBe('400 invalid_query')
    expect(outcomeOf(await server.request(`/account?a=${token}`))).toBe('400 invalid_query')
    const cookie = ['token', 'session', 'gitmsg-sign-in', '__Host-gitmsg-sign-in'].map(
      (name) => `${name}=${token}`,
    )
    for (const headers of [
      { cookie: cookie.join('; ') },
      { authorization: `Basic ${token}` },
      { 'x-api-key': token },
    ]) {
      expect((await server.request('/account', { headers })).status).toBe(401)
    }
  })

  // Covers V7.2.2
  it('is of no use as what the database has of it', async () => {
    await using server = await openAccountServer()
    const token = await server.addPerson('ada')
    const digest = (await server.accounts.authenticate(token))?.token.digest ?? ''
    for (const stolen of [digest, `gitmsgs_${digest}`, `gitmsgs_${digest.slice(0, 43)}`]) {
      expect(outcomeOf(await server.as(stolen).get('/account'))).toBe('401 invalid_token')
    }
  })
})

describe('a link that was seen once', () => {
  // Covers V6.4.1
  it('does not reset a password again', async () => {
    await using server = await openAccountServer()
    await server.addPerson('ada')
    const { secret: link } = await server.accounts.links.createReset('ada', CREATED)
    const reset = (password: string) => server.as(null).send('POST', '/reset', { link, password })
    expect((await reset(NEXT)).status).toBe(201)
    expect(outcomeOf(await reset(PASSWORD))).toBe('403 invalid_link')
    await server.accounts.signIn({ handle: 'ada', password: NEXT })
  })

  it('does not reset a password once a newer one exists', async () => {
    await using server = await openAccountServer()
    await server.addPerson('ada')
    const { secret: link } = await server.accounts.links.createReset('ada', CREATED)
    await server.accounts.links.createReset('ada', CREATED)
    expect(outcomeOf(await server.as(null).send('POST', '/reset', { link, password: NEXT }))).toBe(
      '403 invalid_link',
    )
  })

  it('is of no use as a secret of another kind', async () => {
    await using server = await openAccountServer()
    const session = await server.addPerson('ada', 'admin')
    const { links } = server.accounts
    const [join, reset] = [await links.invite(CREATED), await links.createReset('ada', CREATED)]
    const proof = await links.proveIdentity({ issuer: 'i', subject: 's' })
    const secrets = { join: join.secret, reset: reset.secret, proof: proof.secret, session }
    const stranger = server.as(null)
    for (const [kind, link] of Object.entries(secrets)) {
      if (kind !== 'session')
        expect([kind, (await server.as(link).get('/account')).status]).toEqual([kind, 401])
      if (kind !== 'join') {
        const response = await stranger.send('POST', '/join', { link, handle: 'eve', password: PASSWORD })
        expect([kind, outcomeOf(response)]).toEqual([kind, '403 invalid_link'])
      }
      if (kind !== 'reset') {
        const response = await stranger.send('POST', '/reset', { link, password: NEXT })
        expect([kind, outcomeOf(response)]).toEqual([kind, '403 invalid_link'])
      }
    }
  })
})

describe('a race', () => {
  // Covers V2.3.4
  it('of 18 for an invitation makes one account', async () => {
    await using server = await openAccountServer({ trustedProxies: ['127.0.0.1'] })
    const { secret: link } = await server.accounts.links.invite(CREATED)
    const attempts = Array.from({ length: 18 }, (_, count) =>
      server
        .as(null)
        .send(
          'POST',
          '/join',
          { link, handle: `person-${count}`, password: PASSWORD },
          { 'x-forwarded-for': `192.0.2.${count}` },
        ),
    )
    const outcomes = (await Promise.all(attempts)).map(outcomeOf)
    expect(outcomes.filter((outcome) => outcome === '201')).toHaveLength(1)
    expect(await server.accounts.list()).toHaveLength(1)
  })

  it('for a handle makes one account, and leaves the other invitations valid', async () => {
    await using server = await openAccountServer()
    const { secret: link } = await server.accounts.links.invite({ ...CREATED, uses: 5 })
    const join = (handle: string) =>
      server.as(null).send('POST', '/join', { link, handle, password: PASSWORD })
    const outcomes = (await Promise.all(['bob', 'b0b', 'bob', 'bob'].map(join))).map(outcomeOf)
    expect(outcomes.toSorted()).toEqual(['201', ...Array(3).fill('409 handle_taken')])
    for (const handle of ['carol', 'dave', 'erin', 'frank']) expect((await join(handle)).status).toBe(201)
    expect(outcomeOf(await join('grace'))).toBe('403 invalid_link')
  })

  it('for a reset link sets one password', async () => {
    await using server = await openAccountServer()
    await server.addPerson('ada')
    const { secret: link } = await server.accounts.links.createReset('ada', CREATED)
    const reset = (count: number) =>
      server.as(null).send('POST', '/reset', { link, password: `${NEXT} ${count}` })
    const outcomes = (await Promise.all([1, 2, 3, 4].map(reset))).map(outcomeOf)
    expect(outcomes.filter((outcome) => outcome === '201')).toHaveLength(1)
    const winner = outcomes.indexOf('201') + 1
    await server.accounts.signIn({ handle: 'ada', password: `${NEXT} ${winner}` })
  })

  it('for a proof of an identity makes one account', async () => {
    await using server = await openAccountServer({ accountsConfig: { isOpen: true } })
    const { secret: identity } = await server.accounts.links.proveIdentity({ issuer: 'i', subject: 's' })
    const join = (handle: string) => server.as(null).send('POST', '/join', { handle, identity })
    const outcomes = (await Promise.all(['bob', 'carol', 'dave'].map(join))).map(outcomeOf)
    expect(outcomes.toSorted()).toEqual(['201', '403 invalid_link', '403 invalid_link'])
    expect(await server.accounts.list()).toHaveLength(1)
  })

  it('of two moderators, to approve and to reject, ends with one decision', async () => {
    await using server = await openAccountServer({ accountsConfig: { hold: 'all' } })
    const ada = server.as(await server.addPerson('ada'))
    const mary = server.as(await server.addPerson('mary', 'moderator'))
    for (let id = 1; id <= 10; id += 1) {
      await ada.post({ content: `post ${id}` })
      const decisions = ['approve', 'reject', 'approve', 'approve'].map((decision) =>
        mary.send('POST', `/moderation/${id}/${decision}`),
      )
      const outcomes = (await Promise.all(decisions)).map(outcomeOf)
      const published = (await server.engine.list()).filter(({ content }) => content === `post ${id}`)
      const isRejected = outcomes.includes('204')
      expect([id, published.length]).toEqual([id, isRejected ? 0 : 1])
      expect(outcomes.filter((outcome) => outcome === '200').length > 0).toBe(!isRejected)
    }
  })

  it('of two admins to take each other’s rights leaves one', async () => {
    await using server = await openAccountServer()
    const ada = server.as(await server.addPerson('ada', 'admin'))
    const eve = server.as(await server.addPerson('eve', 'admin'))
    await Promise.all([
      ada.send('PATCH', '/accounts/eve', { role: 'reader' }),
      eve.send('PATCH', '/accounts/ada', { disabled: true }),
    ])
    expect(await server.accounts.hasAdmin()).toBe(true)
  })
})
