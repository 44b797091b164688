import { describe, expect, it } from 'vitest'
import { openAccountServer, outcomeOf, PASSWORD } from '../testing/servers/open-account-server.js'

describe('getting more rights', () => {
  it.each([
    { role: 'admin' },
    { kind: 'service' },
    { disabled: false },
    { scopes: ['admin'] },
    { posts: 10 },
  ])('by fields of the server while joining fails: %j', async (fields) => {
    await using server = await openAccountServer({ accountsConfig: { isOpen: true } })
    const body = { handle: 'eve', password: PASSWORD, ...fields }
    expect(outcomeOf(await server.as(null).send('POST', '/join', body))).toBe('422 unknown_field')
  })

  // Covers V15.3.6
  it('by the prototype of a body fails', async () => {
    await using server = await openAccountServer({ accountsConfig: { isOpen: true } })
    await server.addPerson('ada', 'admin')
    const send = (text: string) =>
      server.request('/join', { method: 'POST', body: text, headers: { 'content-type': 'application/json' } })
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      const text = `{"handle":"eve","password":"${PASSWORD}","${key}":{"role":"admin"}}`
      expect(outcomeOf(await send(text))).toBe('422 unknown_field')
    }
    expect(Object.prototype).not.toHaveProperty('role')
    expect((await server.accounts.list()).map(({ handle }) => handle)).toEqual(['ada'])
  })

  it('by the second of two equal keys of a body fails', async () => {
    await using server = await openAccountServer()
    const eve = await server.addPerson('eve', 'moderator')
    const response = await server.request('/tokens', {
      method: 'POST',
      body: '{"name":"a","scopes":["read"],"scopes":["admin"]}',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${eve}` },
    })
    expect(outcomeOf(response)).toBe('400 duplicate_key')
  })

  it('by a token with scopes beyond the role fails: it has none of them', async () => {
    await using server = await openAccountServer()
    const eve = server.as(await server.addPerson('eve', 'reader'))
    const created = await eve.send('POST', '/tokens', {
      name: 'a',
      scopes: ['read', 'write', 'moderate', 'admin'],
    })
    expect(created.json.scopes).toEqual(['read'])
    const token = server.as(created.json.token)
    expect(outcomeOf(await token.post({ content: 'a' }))).toBe('403 insufficient_scope')
    expect(outcomeOf(await token.get('/accounts'))).toBe('403 insufficient_scope')
  })

  it('by a narrow token that creates a wider one fails', async () => {
    await using server = await openAccountServer()
    await server.addPerson('ada', 'moderator')
    const narrow = server.as(await server.addToken('ada', ['read']))
    const scopes = ['read', 'write', 'moderate']
    expect(outcomeOf(await narrow.send('POST', '/tokens', { name: 'a', scopes }))).toBe(
      '403 session_required',
    )
  })

  it('by a token for an account of someone else, or a service, fails without the scope admin', async () => {
    await using server = await openAccountServer()
    await server.addPerson('ada', 'admin')
    await server.addService('bot', { role: 'admin' })
    const mary = server.as(await server.addPerson('mary', 'moderator'))
    for (const account of ['ada', 'bot', 'absent']) {
      const response = await mary.send('POST', '/tokens', { name: 'a', scopes: ['admin'], account })
      expect(outcomeOf(response)).toBe('403 insufficient_scope')
    }
  })

  it('by resetting the password of an admin as a moderator fails', async () => {
    await using server = await openAccountServer()
    await server.addPerson('ada', 'admin')
    const mary = server.as(await server.addPerson('mary', 'moderator'))
    expect(outcomeOf(await mary.send('POST', '/accounts/ada/reset'))).toBe('403 insufficient_scope')
    expect(outcomeOf(await mary.send('POST', '/invitations', { role: 'admin' }))).toBe(
      '403 insufficient_scope',
    )
    expect(outcomeOf(await mary.send('PATCH', '/accounts/mary', { role: 'admin' }))).toBe(
      '403 insufficient_scope',
    )
  })

  it('by an invitation that was saved for the day on which the rights are gone fails', async () => {
    await using server = await openAccountServer()
    await server.addPerson('ada', 'admin')
    const eve = server.as(await server.addPerson('eve', 'admin'))
    const link = (await eve.send('POST', '/invitations', { role: 'admin', days: 365 })).json.link.split(
      '#',
    )[1]
    const reset = (await eve.send('POST', '/accounts/ada/reset')).json.link.split('#')[1]
    await server.accounts.change('eve', { disabled: true, actor: 'ada' })
    const stranger = server.as(null)
    const body = { handle: 'eve2', password: PASSWORD }
    expect(outcomeOf(await stranger.send('POST', '/join', { link, ...body }))).toBe('403 invalid_link')
    expect(outcomeOf(await stranger.send('POST', '/reset', { link: reset, password: PASSWORD }))).toBe(
      '403 invalid_link',
    )
  })

  // Covers V4.1.3
  it.each<Record<string, string>>([
    { 'x-http-method-override': 'DELETE' },
    { 'x-method-override': 'DELETE' },
    { 'x-original-url': '/accounts' },
    { 'x-rewrite-url': '/accounts' },
    { 'x-forwarded-user': 'ada' },
    { 'x-remote-user': 'ada' },
    { 'remote-user': 'ada' },
  ])('by a header for proxies and frameworks fails: %j', async (headers) => {
    await using server = await openAccountServer({ trustedProxies: ['127.0.0.1'] })
    await server.addPerson('ada', 'admin')
    const { id } = await server.engine.post({ content: 'a', sender: 'ada' })
    const response = await server.request(`/messages/${id}`, { headers })
    expect(outcomeOf(response)).toBe('401 missing_token')
    expect(await server.engine.list()).toHaveLength(1)
  })

  // Covers V8.2.2
  it('over what others wrote fails: it is not changed, deleted or reported in their name', async () => {
    await using server = await openAccountServer()
    const ada = server.as(await server.addPerson('ada'))
    const eve = server.as(await server.addPerson('eve'))
    const { message_id: id } = (await ada.post({ content: 'a' })).json
    for (const body of [{ content: 'b' }, { topic: 'b' }, { format: 'markdown' }]) {
      expect(outcomeOf(await eve.send('PATCH', `/messages/${id}`, body))).toBe('403 sender_not_allowed')
    }
    expect(outcomeOf(await eve.delete(`/messages/${id}`))).toBe('403 sender_not_allowed')
    const report = await eve.send('POST', `/messages/${id}/report`, { reason: 'a', account: 'ada' })
    expect(outcomeOf(report)).toBe('422 unknown_field')
  })

  it('by using up the idempotency key of someone else fails: each account has its own', async () => {
    await using server = await openAccountServer()
    const ada = server.as(await server.addPerson('ada'))
    const eve = server.as(await server.addPerson('eve'))
    const key = { 'idempotency-key': 'guessable' }
    expect((await eve.post({ content: 'a' }, key)).status).toBe(201)
    const { status, json } = await ada.post({ content: 'b' }, key)
    expect(status).toBe(201)
    expect((await ada.post({ content: 'b' }, key)).json).toEqual(json)
    expect(outcomeOf(await ada.post({ content: 'c' }, key))).toBe('422 idempotency_key_reused')
    expect(outcomeOf(await ada.post({ content: 'c' }, { 'idempotency-key': ' ' }))).toBe('400 invalid_header')
  })

  it('by the idempotency key of someone else gives neither their message nor their held post', async () => {
    await using server = await openAccountServer({ accountsConfig: { hold: 'all' } })
    const ada = server.as(await server.addPerson('ada'))
    const eve = server.as(await server.addPerson('eve'))
    const key = { 'idempotency-key': 'guessable' }
    expect((await ada.post({ content: 'a' }, key)).json.held_id).toBe(1)
    expect((await eve.post({ content: 'a' }, key)).json.held_id).toBe(2)
  })
})
