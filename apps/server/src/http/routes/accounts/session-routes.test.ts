import { describe, expect, it } from 'vitest'
import { openAccountServer, outcomeOf, PASSWORD } from '../../../testing/servers/open-account-server.js'

const NEXT = 'staple of another horse'

describe('GET /auth', () => {
  it.each([true, false])(
    'tells a page what there is to sign in with; open registration: %s',
    async (isOpen) => {
      await using server = await openAccountServer({ accountsConfig: { isOpen } })
      const { status, json } = await server.as(null).get('/auth')
      expect([status, json]).toEqual([200, { oidc: false, registration: isOpen }])
    },
  )
})

describe('POST /session', () => {
  it('starts a session that reads and posts, until DELETE /session ends it', async () => {
    await using server = await openAccountServer()
    await server.addPerson('alice')
    const { status, json } = await server.as(null).send('POST', '/session', {
      ...{ handle: 'alice', password: PASSWORD },
    })
    expect(status).toBe(201)
    expect(json).toMatchObject({ account: { handle: 'alice', role: 'member', disabled: false } })
    const alice = server.as(json.token)
    expect((await alice.post({ content: 'Hello' })).status).toBe(201)
    expect((await alice.get('/messages')).json).toMatchObject([{ sender: 'alice', content: 'Hello' }])
    expect((await alice.get('/account')).json).toMatchObject({ handle: 'alice', scopes: ['read', 'write'] })
    expect((await alice.delete('/session')).status).toBe(204)
    expect(outcomeOf(await alice.get('/messages'))).toBe('401 invalid_token')
  })

  // Covers V6.3.1, IN-85
  it('responds alike to a wrong password and an unknown, disabled or malformed handle', async () => {
    await using server = await openAccountServer()
    await server.addPerson('alice')
    await server.addPerson('bob')
    await server.accounts.change('bob', { disabled: true, actor: 'setup' })
    const attempts = ['alice', 'bob', 'carol', 'No Handle'].map((handle) =>
      server.as(null).send('POST', '/session', { handle, password: handle === 'alice' ? 'wrong' : PASSWORD }),
    )
    const bodies = (await Promise.all(attempts)).map(({ status, json, headers }) => {
      const { request_id, ...error } = json.error
      return JSON.stringify([status, error, headers['www-authenticate']])
    })
    expect(new Set(bodies).size).toBe(1)
    expect(bodies[0]).toContain('401,{"code":"invalid_credentials"')
  })

  it.each([
    [{ handle: 'alice' }, '422 missing_field'],
    [{ handle: 'alice', password: 5 }, '422 invalid_type'],
    [{ handle: 'alice', password: PASSWORD, more: 1 }, '422 unknown_field'],
    [[], '422 invalid_body'],
  ])('rejects a body that is not valid: %j', async (body, outcome) => {
    await using server = await openAccountServer()
    expect(outcomeOf(await server.as(null).send('POST', '/session', body))).toBe(outcome)
  })
})

describe('PUT /account/password', () => {
  // Covers V6.2.2, V6.2.3, V7.4.3, V7.5.1
  it('ends all other sessions, and needs the current password', async () => {
    await using server = await openAccountServer()
    const other = await server.addPerson('alice')
    const { token } = await server.accounts.signIn({ handle: 'alice', password: PASSWORD })
    const alice = server.as(token)
    const change = (current_password: string, new_password: string) =>
      alice.send('PUT', '/account/password', { current_password, new_password })
    expect(outcomeOf(await change('wrong', NEXT))).toBe('401 invalid_credentials')
    expect(outcomeOf(await change(PASSWORD, 'short'))).toBe('422 weak_password')
    expect(outcomeOf(await change(PASSWORD, NEXT))).toBe('204')
    expect([(await alice.get('/account')).status, (await server.as(other).get('/account')).status]).toEqual([
      200, 401,
    ])
    await server.accounts.signIn({ handle: 'alice', password: NEXT })
  })

  // Covers IN-91
  it('needs a session: an access token cannot lock its owner out', async () => {
    await using server = await openAccountServer()
    await server.addPerson('alice')
    const token = server.as(await server.addToken('alice', ['read', 'write']))
    const body = { current_password: PASSWORD, new_password: NEXT }
    expect(outcomeOf(await token.send('PUT', '/account/password', body))).toBe('403 session_required')
    expect(outcomeOf(await token.delete('/session'))).toBe('403 session_required')
    expect((await token.get('/account')).json.scopes).toEqual(['read', 'write'])
  })
})

describe('POST /join', () => {
  // Covers IN-87, IN-89
  it('makes an account with an invitation, whose link is used up', async () => {
    await using server = await openAccountServer()
    const admin = server.as(await server.addPerson('ada', 'admin'))
    const invited = await admin.send('POST', '/invitations', { role: 'reader' })
    expect(invited.status).toBe(201)
    expect(invited.json.link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#gitmsgj_[\w-]{43}$/)
    const link = invited.json.link.split('#')[1]
    const join = (handle: string, password = PASSWORD) =>
      server.as(null).send('POST', '/join', { link, handle, password })
    expect(outcomeOf(await join('ada'))).toBe('409 handle_taken')
    expect(outcomeOf(await join('adа'))).toBe('422 invalid_characters')
    expect(outcomeOf(await join('bob', 'Password1'))).toBe('422 weak_password')
    const joined = await join('bob')
    expect([joined.status, joined.json.account.role]).toEqual([201, 'reader'])
    expect(outcomeOf(await server.as(joined.json.token).post({ content: 'a' }))).toBe(
      '403 insufficient_scope',
    )
    expect(outcomeOf(await join('carol'))).toBe('403 invalid_link')
  })

  it('needs a link unless registration is open', async () => {
    await using closed = await openAccountServer()
    const body = { handle: 'bob', password: PASSWORD }
    expect(outcomeOf(await closed.as(null).send('POST', '/join', body))).toBe('422 missing_field')
    await using open = await openAccountServer({ accountsConfig: { isOpen: true } })
    expect((await open.as(null).send('POST', '/join', body)).json.account.role).toBe('member')
  })

  // Covers IN-88
  it('does not give away a handle that messages have as their sender already', async () => {
    await using server = await openAccountServer({ accountsConfig: { isOpen: true } })
    const { id } = await server.engine.post({ content: 'a', sender: 'bob' })
    const join = () => server.as(null).send('POST', '/join', { handle: 'bob', password: PASSWORD })
    expect(outcomeOf(await join())).toBe('409 handle_taken')
    await server.engine.remove(id)
    expect(outcomeOf(await join())).toBe('409 handle_taken')
    const bob = server.as(await server.addPerson('bob'))
    expect((await bob.get('/account')).status).toBe(200)
  })

  it('needs a password or an identity, and not both', async () => {
    await using server = await openAccountServer({ accountsConfig: { isOpen: true } })
    const join = (body: object) => server.as(null).send('POST', '/join', { handle: 'bob', ...body })
    expect(outcomeOf(await join({}))).toBe('422 missing_field')
    expect(outcomeOf(await join({ password: PASSWORD, identity: 'x' }))).toBe('422 invalid_value')
    expect(outcomeOf(await join({ identity: 'x' }))).toBe('403 invalid_link')
    const { secret: identity } = await server.accounts.links.proveIdentity({ issuer: 'i', subject: 's' })
    expect((await join({ identity })).status).toBe(201)
  })
})

describe('POST /reset', () => {
  // Covers V6.4.3
  it('replaces a forgotten password with the link of an admin, once, and ends all sessions', async () => {
    await using server = await openAccountServer()
    const admin = server.as(await server.addPerson('ada', 'admin'))
    const before = await server.addPerson('bob')
    const { json } = await admin.send('POST', '/accounts/bob/reset')
    const link = json.link.split('#')[1]
    const reset = () => server.as(null).send('POST', '/reset', { link, password: NEXT })
    const { status, json: session } = await reset()
    expect([status, session.account.handle]).toEqual([201, 'bob'])
    expect((await server.as(before).get('/account')).status).toBe(401)
    expect((await server.as(session.token).get('/account')).status).toBe(200)
    expect(outcomeOf(await reset())).toBe('403 invalid_link')
  })

  it('links to the public address, or to the page that has asked for it', async () => {
    await using server = await openAccountServer()
    const admin = server.as(await server.addPerson('ada', 'admin'))
    const { host } = new URL(server.url)
    const own = await admin.send('POST', '/invitations', {}, { origin: `http://${host}` })
    expect(own.json.link).toContain(`http://${host}/#`)
    await using other = await openAccountServer({
      accountsConfig: { publicUrl: 'https://chat.example.org/forum/' },
    })
    const elsewhere = other.as(await other.addPerson('ada', 'admin'))
    const { json } = await elsewhere.send('POST', '/invitations')
    expect(json.link).toMatch(/^https:\/\/chat\.example\.org\/forum\/#gitmsgj_/)
  })
})

describe('sign-in limits', () => {
  // Covers V6.3.1, IN-86
  it('allow five wrong passwords for a handle, whatever the peer, and right ones do not count', async () => {
    await using server = await openAccountServer({ monotonic: () => 0 })
    await server.addPerson('alice')
    const sign = (handle: string, password: string) =>
      server.as(null).send('POST', '/session', { handle, password })
    for (let number = 0; number < 6; number += 1) expect((await sign('alice', PASSWORD)).status).toBe(201)
    for (let number = 0; number < 5; number += 1) {
      expect(outcomeOf(await sign('alice', 'wrong'))).toBe('401 invalid_credentials')
    }
    const rejected = await sign('alice', PASSWORD)
    expect(outcomeOf(rejected)).toBe('429 rate_limited')
    expect(rejected.headers).toMatchObject({
      'ratelimit-policy': '"sign-in";q=5;w=1500',
      'retry-after': '300',
    })
    expect(outcomeOf(await sign('bob', 'wrong'))).toBe('401 invalid_credentials')
  })

  // Covers IN-86
  it('allow 20 attempts of a peer, over all handles and links', async () => {
    await using server = await openAccountServer({ monotonic: () => 0 })
    const outcomes = new Map<string, number>()
    for (let number = 0; number < 24; number += 1) {
      const sending =
        number % 2
          ? server.as(null).send('POST', '/session', { handle: `a${number}`, password: 'x' })
          : server.as(null).send('POST', '/reset', { link: `gitmsgr_${number}`, password: PASSWORD })
      const outcome = outcomeOf(await sending)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
    expect(Object.fromEntries(outcomes)).toEqual({
      '401 invalid_credentials': 10,
      '403 invalid_link': 10,
      '429 rate_limited': 4,
    })
  })

  it('do not end sessions that exist', async () => {
    await using server = await openAccountServer({ monotonic: () => 0 })
    const token = await server.addPerson('alice')
    for (let number = 0; number < 25; number += 1) {
      await server.as(null).send('POST', '/session', { handle: 'alice', password: 'wrong' })
    }
    expect((await server.as(token).get('/account')).status).toBe(200)
  })
})
