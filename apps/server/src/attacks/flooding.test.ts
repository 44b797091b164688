import { openFakeProvider } from '@gitmsg/test-provider'
import { describe, expect, it } from 'vitest'
import { openBrowser } from '../testing/oidc/open-browser.js'
import { openAccountServer, outcomeOf, PASSWORD } from '../testing/servers/open-account-server.js'

const range = (count: number) => Array.from({ length: count }, (_, number) => number)

describe('filling a table', () => {
  // Covers V2.4.1
  it('of sessions fails: the oldest of an account ends', async () => {
    await using server = await openAccountServer()
    const first = server.as(await server.addPerson('ada'))
    for (const _ of range(50)) await server.accounts.signIn({ handle: 'ada', password: PASSWORD })
    expect(await server.accounts.tokens.list({ handle: 'ada', limit: 1000 })).toHaveLength(50)
    expect(outcomeOf(await first.get('/account'))).toBe('401 invalid_token')
  })

  it('of access tokens fails at 100 of an account', async () => {
    await using server = await openAccountServer()
    const ada = server.as(await server.addPerson('ada'))
    const create = () => ada.send('POST', '/tokens', { name: 'a', scopes: ['read'] })
    for (const _ of range(100)) await create()
    expect(outcomeOf(await create())).toBe('409 limit_reached')
    expect(await server.accounts.tokens.list({ handle: 'ada', limit: 1000 })).toHaveLength(101)
  })

  it('of held posts fails at 20 of an account, and at 1,000 of all', async () => {
    await using server = await openAccountServer({ accountsConfig: { hold: 'all' } })
    const eve = server.as(await server.addPerson('eve'))
    for (const number of range(20)) expect((await eve.post({ content: `spam ${number}` })).status).toBe(202)
    expect((await eve.post({ content: 'more' })).status).toBe(429)
    for (const number of range(49)) {
      const handle = `sock-${number}`
      await server.accounts.create({ handle, actor: 'setup' })
      for (const _ of range(20)) {
        const post = { handle, post: '{}', uid: crypto.randomUUID(), reason: 'all' }
        await server.accounts.held.hold(post)
      }
    }
    const ada = server.as(await server.addPerson('ada'))
    expect(outcomeOf(await ada.post({ content: 'Hello' }))).toBe('429 too_many_held')
    expect(await server.accounts.held.list({ limit: 1000 })).toHaveLength(1000)
  })

  it('of reports fails at 20 of an account', async () => {
    await using server = await openAccountServer()
    const eve = server.as(await server.addPerson('eve'))
    const ids = await Promise.all(
      range(21).map(async (number) => (await server.engine.post({ content: `${number}`, sender: 'a' })).id),
    )
    const outcomes: string[] = []
    for (const id of ids) outcomes.push(outcomeOf(await eve.send('POST', `/messages/${id}/report`)))
    expect(outcomes).toEqual([...Array(20).fill('201'), '409 limit_reached'])
  })

  it('of invitations fails at 1,000', async () => {
    await using server = await openAccountServer()
    const admin = server.as(await server.addPerson('ada', 'admin'))
    for (const _ of range(1000)) await server.accounts.links.invite({ actor: 'ada' })
    expect(outcomeOf(await admin.send('POST', '/invitations'))).toBe('409 limit_reached')
  })

  it('of sign-ins at a provider fails: a start stores nothing, and an identity has one proof', async () => {
    await using provider = await openFakeProvider()
    await using server = await openAccountServer({
      trustedProxies: ['127.0.0.1'],
      accountsConfig: { oidc: provider.config },
    })
    for (const _ of range(300)) expect((await server.request('/auth/oidc')).status).toBe(302)
    expect(provider.requests).toEqual(['/.well-known/openid-configuration'])
    const { secret: stale } = await server.accounts.links.proveIdentity({
      issuer: provider.issuer,
      subject: 'person-1',
    })
    expect((await openBrowser(server.request).signIn()).status).toBe(302)
    const { secret: link } = await server.accounts.links.invite({ actor: 'setup' })
    const response = await server.as(null).send('POST', '/join', { link, handle: 'eve', identity: stale })
    expect(outcomeOf(response)).toBe('403 invalid_link')
  })
})

describe('flooding', () => {
  // Covers IN-92
  it('a topic fails: after 20 posts a person has to wait', async () => {
    await using server = await openAccountServer({ monotonic: () => 0 })
    const eve = server.as(await server.addPerson('eve'))
    for (const number of range(20)) expect((await eve.post({ content: `spam ${number}` })).status).toBe(201)
    expect(outcomeOf(await eve.post({ content: 'more' }))).toBe('429 rate_limited')
    const second = server.as(await server.addToken('eve', ['write']))
    expect(outcomeOf(await second.post({ content: 'more' }))).toBe('429 rate_limited')
  })

  it('the history with edits fails: they are limited, too', async () => {
    await using server = await openAccountServer({ monotonic: () => 0 })
    const eve = server.as(await server.addPerson('eve'))
    const { message_id: id } = (await eve.post({ content: 'a' })).json
    const edit = (number: number) => eve.send('PATCH', `/messages/${id}`, { content: `edit ${number}` })
    for (const number of range(20)) expect((await edit(number)).status).toBe(200)
    expect(outcomeOf(await edit(20))).toBe('429 rate_limited')
    expect(outcomeOf(await eve.delete(`/messages/${id}`))).toBe('429 rate_limited')
  })

  it('with one text fails, under any spelling of the request', async () => {
    await using server = await openAccountServer()
    const eve = server.as(await server.addPerson('eve'))
    expect((await eve.post({ content: 'Buy this' })).status).toBe(201)
    for (const body of [{ content: 'Buy this' }, { content: 'Buy this', sender: 'eve' }]) {
      expect(outcomeOf(await eve.post(body))).toBe('409 duplicate_message')
    }
  })

  it('moderators with links fails: more than two of a newcomer wait for them', async () => {
    await using server = await openAccountServer({ accountsConfig: { hold: 'newcomers' } })
    const eve = server.as(await server.addPerson('eve'))
    for (const _ of range(3)) await server.accounts.countPost('eve')
    const links = 'http://a.example HTTPS://b.example //c.example www.d.example'
    expect((await eve.post({ content: 'no link' })).status).toBe(201)
    expect((await eve.post({ content: links })).status).toBe(202)
  })
})
