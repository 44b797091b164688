import { describe, expect, it } from 'vitest'
import { openAccountServer, outcomeOf } from '../../testing/servers/open-account-server.js'

describe('the sender of an account', () => {
  // Covers V8.2.3, IN-90
  it('is its handle, also if it is left out; any other one is rejected', async () => {
    await using server = await openAccountServer()
    const alice = server.as(await server.addPerson('alice'))
    expect((await alice.post({ content: 'a' })).status).toBe(201)
    expect((await alice.post({ content: 'b', sender: 'alice' })).status).toBe(201)
    for (const sender of ['bob', 'Alice', 'alice ', 'аlice', '']) {
      expect([sender, outcomeOf(await alice.post({ content: 'c', sender }))]).toEqual([
        sender,
        '403 sender_not_allowed',
      ])
    }
    expect(outcomeOf(await alice.post({ content: 'c', sender: null }))).toBe('422 missing_field')
    expect(outcomeOf(await alice.post({ content: 'c', sender: ['alice'] }))).toBe('422 invalid_type')
    const senders = (await alice.get('/messages')).json.map(({ sender }: { sender: string }) => sender)
    expect(senders).toEqual(['alice', 'alice'])
  })

  // Covers IN-90
  it('of a service is within its pattern, and never looks like a handle', async () => {
    await using server = await openAccountServer()
    await server.addPerson('alice')
    const irc = server.as(await server.addService('irc', { sender: 'irc/*' }))
    const any = server.as(await server.addService('bridge', { sender: '*' }))
    expect((await irc.post({ content: 'a', sender: 'irc/alice' })).status).toBe(201)
    expect((await irc.post({ content: 'b' })).status).toBe(201)
    expect(outcomeOf(await irc.post({ content: 'c', sender: 'alice' }))).toBe('403 sender_not_allowed')
    expect((await any.post({ content: 'd', sender: 'Zoe' })).status).toBe(201)
    for (const sender of ['alice', 'ALICE', 'аlicе', 'al1ce\u200b'.replace('1', 'i'), 'ａlice', 'aIice']) {
      expect([sender, outcomeOf(await any.post({ content: 'e', sender }))]).toEqual([
        sender,
        '403 sender_reserved',
      ])
    }
  })
})

describe('the messages of an account', () => {
  // Covers V8.2.2
  it('are changed by it and by moderators, whose names stay', async () => {
    await using server = await openAccountServer()
    const alice = server.as(await server.addPerson('alice'))
    const bob = server.as(await server.addPerson('bob'))
    const mary = server.as(await server.addPerson('mary', 'moderator'))
    const { message_id: id } = (await alice.post({ content: 'one' })).json
    const path = `/messages/${id}`
    expect(outcomeOf(await bob.send('PATCH', path, { content: 'x' }))).toBe('403 sender_not_allowed')
    expect(outcomeOf(await bob.delete(path))).toBe('403 sender_not_allowed')
    expect((await alice.send('PATCH', path, { content: 'two' })).json).not.toHaveProperty('updated_by')
    expect((await mary.send('PATCH', path, { content: 'three' })).json).toMatchObject({ updated_by: 'mary' })
    expect((await mary.delete(path)).status).toBe(204)
    const { json } = await mary.get('/messages?deleted=true')
    expect(json).toMatchObject([{ sender: 'alice', updated_by: 'mary' }])
    const acts = (await server.accounts.audit.list({ limit: 2 })).map(({ actor, action }) => [actor, action])
    expect(acts).toEqual([
      ['mary', 'message.delete'],
      ['mary', 'message.edit'],
    ])
  })

  it('of a service are those within its pattern', async () => {
    await using server = await openAccountServer()
    const irc = server.as(await server.addService('irc', { sender: 'irc/*' }))
    const alice = server.as(await server.addPerson('alice'))
    const own = (await irc.post({ content: 'a', sender: 'irc/zoe' })).json.message_id
    const other = (await alice.post({ content: 'b' })).json.message_id
    const edited = await irc.send('PATCH', `/messages/${own}`, { content: 'c' })
    expect([edited.status, edited.json.updated_by]).toEqual([200, undefined])
    expect(outcomeOf(await irc.delete(`/messages/${other}`))).toBe('403 sender_not_allowed')
  })

  it('can be reported once by each account, and moderators close the reports', async () => {
    await using server = await openAccountServer()
    const alice = server.as(await server.addPerson('alice'))
    const bob = server.as(await server.addPerson('bob', 'reader'))
    const mary = server.as(await server.addPerson('mary', 'moderator'))
    const { message_id: id } = (await alice.post({ content: 'spam' })).json
    const report = await bob.send('POST', `/messages/${id}/report`, { reason: 'Spam' })
    expect([report.status, report.json]).toEqual([201, expect.objectContaining({ account: 'bob' })])
    const again = await bob.send('POST', `/messages/${report.json.uid}/report`)
    expect(again.json).toEqual(report.json)
    expect(outcomeOf(await bob.send('POST', '/messages/99/report'))).toBe('404 not_found')
    expect(outcomeOf(await bob.send('POST', `/messages/${id}/report`, { reason: '' }))).toBe('422 empty')
    expect(outcomeOf(await bob.get('/reports'))).toBe('403 insufficient_scope')
    expect((await mary.get('/reports')).json).toEqual([report.json])
    const close = () => mary.send('POST', `/reports/${report.json.report_id}/close`)
    expect([outcomeOf(await close()), outcomeOf(await close())]).toEqual(['204', '404 not_found'])
    await mary.delete(`/messages/${id}`)
    expect(outcomeOf(await bob.send('POST', `/messages/${id}/report`))).toBe('410 deleted')
  })
})
