import { describe, expect, it } from 'vitest'
import { openTokensFile } from '../../../testing/open-tokens-file.js'
import { openAccountServer, outcomeOf } from '../../../testing/servers/open-account-server.js'

const NEW_TOKEN = { name: 'laptop', scopes: ['read', 'write'] }

describe('tokens', () => {
  it('are created with a session, shown once, and revoked', async () => {
    await using server = await openAccountServer()
    const alice = server.as(await server.addPerson('alice'))
    const { status, json } = await alice.send('POST', '/tokens', { ...NEW_TOKEN, days: 30 })
    expect(status).toBe(201)
    expect(json).toMatchObject({ account: 'alice', kind: 'access', name: 'laptop', sender: null })
    const { token, ...shown } = json
    expect((await alice.get('/tokens')).json[0]).toEqual(shown)
    expect((await server.as(token).post({ content: 'a' })).status).toBe(201)
    expect(outcomeOf(await alice.delete(`/tokens/${shown.id}`))).toBe('204')
    expect(outcomeOf(await server.as(token).post({ content: 'b' }))).toBe('401 invalid_token')
    expect(outcomeOf(await alice.delete(`/tokens/${shown.id}`))).toBe('404 not_found')
    expect(outcomeOf(await alice.delete('/tokens/x'))).toBe('404 not_found')
  })

  it('of others are invisible and cannot be revoked, except by admins', async () => {
    await using server = await openAccountServer()
    const alice = server.as(await server.addPerson('alice'))
    const bob = server.as(await server.addPerson('bob'))
    const admin = server.as(await server.addPerson('ada', 'admin'))
    const { id } = (await bob.send('POST', '/tokens', NEW_TOKEN)).json
    expect((await alice.get('/tokens')).json.map(({ account }: { account: string }) => account)).toEqual([
      'alice',
    ])
    expect((await alice.get('/tokens?account=bob')).json).toEqual([])
    expect(outcomeOf(await alice.delete(`/tokens/${id}`))).toBe('404 not_found')
    expect((await admin.get('/tokens?account=bob&limit=1')).json).toMatchObject([{ id, account: 'bob' }])
    expect((await admin.get('/tokens')).json).toHaveLength(4)
    expect(outcomeOf(await admin.delete(`/tokens/${id}`))).toBe('204')
    expect((await admin.get('/audit?limit=1')).json).toMatchObject([
      { actor: 'ada', action: 'token.revoke', target: 'bob', detail: 'laptop' },
    ])
  })

  it('cannot make or revoke tokens themselves, so that a leaked one gains nothing', async () => {
    await using server = await openAccountServer()
    await server.addPerson('alice')
    const token = server.as(await server.addToken('alice', ['read', 'write']))
    expect(outcomeOf(await token.send('POST', '/tokens', NEW_TOKEN))).toBe('403 session_required')
    expect(outcomeOf(await token.delete('/tokens/1'))).toBe('403 session_required')
    expect((await token.get('/tokens')).json).toHaveLength(2)
  })

  it('for services are created by admins, and for no other person', async () => {
    await using server = await openAccountServer()
    const admin = server.as(await server.addPerson('ada', 'admin'))
    const bob = server.as(await server.addPerson('bob'))
    await admin.send('POST', '/accounts', { handle: 'irc', kind: 'service' })
    const service = { ...NEW_TOKEN, account: 'irc', sender: 'irc/*' }
    const { json } = await admin.send('POST', '/tokens', service)
    expect(json).toMatchObject({ account: 'irc', sender: 'irc/*' })
    const irc = server.as(json.token)
    expect((await irc.post({ content: 'a', sender: 'irc/zoe' })).status).toBe(201)
    expect(outcomeOf(await bob.send('POST', '/tokens', service))).toBe('403 insufficient_scope')
    expect(outcomeOf(await admin.send('POST', '/tokens', { ...service, account: 'bob' }))).toBe(
      '422 invalid_value',
    )
    expect(outcomeOf(await admin.send('POST', '/tokens', { ...service, account: 'zoe' }))).toBe(
      '404 not_found',
    )
    expect(outcomeOf(await admin.send('POST', '/tokens', { ...NEW_TOKEN, sender: 'x/*' }))).toBe(
      '422 invalid_value',
    )
  })

  it.each([
    [{ scopes: ['read'] }, '422 missing_field'],
    [{ ...NEW_TOKEN, scopes: [] }, '422 invalid_value'],
    [{ ...NEW_TOKEN, scopes: ['root'] }, '422 invalid_value'],
    [{ ...NEW_TOKEN, scopes: 'read' }, '422 invalid_type'],
    [{ ...NEW_TOKEN, days: 0 }, '422 invalid_value'],
    [{ ...NEW_TOKEN, days: 1.5 }, '422 invalid_type'],
    [{ ...NEW_TOKEN, name: '' }, '422 empty'],
    [{ ...NEW_TOKEN, name: 'a'.repeat(65) }, '422 too_long'],
    [{ ...NEW_TOKEN, name: 'a\0' }, '422 invalid_characters'],
  ])('reject a body that is not valid: %j', async (body, outcome) => {
    await using server = await openAccountServer()
    const alice = server.as(await server.addPerson('alice'))
    expect(outcomeOf(await alice.send('POST', '/tokens', body))).toBe(outcome)
  })
})

describe('tokens of the tokens file, beside accounts', () => {
  // Covers IN-91
  it('are valid as before, have no account, and can administrate with the scope admin', async () => {
    await using file = await openTokensFile()
    await using server = await openAccountServer({ tokens: file.tokens })
    await server.addPerson('alice')
    const free = server.as(file.add(['read', 'write']))
    const bound = server.as(file.add(['read', 'write'], { name: 'bound', sender: 'carol' }))
    const admin = server.as(file.add(['admin'], { name: 'setup' }))
    expect((await free.post({ content: 'a', sender: 'anyone' })).status).toBe(201)
    expect(outcomeOf(await free.post({ content: 'b' }))).toBe('422 missing_field')
    expect(outcomeOf(await free.post({ content: 'c', sender: 'Alice' }))).toBe('403 sender_reserved')
    expect((await bound.post({ content: 'd', sender: 'carol' })).status).toBe(201)
    expect(outcomeOf(await bound.post({ content: 'e', sender: 'bob' }))).toBe('403 sender_not_allowed')
    expect(outcomeOf(await free.get('/account'))).toBe('403 account_required')
    expect(outcomeOf(await free.get('/tokens'))).toBe('403 account_required')
    expect(outcomeOf(await free.send('POST', '/messages/1/report'))).toBe('403 account_required')
    expect((await admin.send('POST', '/invitations')).status).toBe(201)
    expect((await admin.get('/audit?limit=1')).json).toMatchObject([{ actor: 'token setup' }])
  })
})
