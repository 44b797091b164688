import { describe, expect, it } from 'vitest'
import { openWelcomed } from '../../../testing/live/open-socket.js'
import { openAccountServer, outcomeOf, PASSWORD } from '../../../testing/servers/open-account-server.js'

describe('accounts', () => {
  it('are created, listed in pages and changed by admins', async () => {
    await using server = await openAccountServer()
    const admin = server.as(await server.addPerson('ada', 'admin'))
    const service = await admin.send('POST', '/accounts', { handle: 'deploys', kind: 'service' })
    expect([service.status, service.json]).toEqual([
      201,
      expect.objectContaining({ handle: 'deploys', kind: 'service', role: 'member', disabled: false }),
    ])
    expect(outcomeOf(await admin.send('POST', '/accounts', { handle: 'dep1oys' }))).toBe('409 handle_taken')
    expect(outcomeOf(await admin.send('POST', '/accounts', { handle: 'A' }))).toBe('422 invalid_characters')
    expect(outcomeOf(await admin.send('POST', '/accounts', { handle: 'b', role: 'root' }))).toBe(
      '422 invalid_value',
    )
    const first = await admin.get('/accounts?limit=1')
    expect([first.json.length, first.headers.link]).toEqual([1, '<?limit=1&after=ada>; rel="next"'])
    expect((await admin.get('/accounts?limit=1&after=ada')).json).toMatchObject([{ handle: 'deploys' }])
    const changed = await admin.send('PATCH', '/accounts/deploys', { role: 'reader', disabled: true })
    expect(changed.json).toMatchObject({ role: 'reader', disabled: true })
    expect(outcomeOf(await admin.send('PATCH', '/accounts/deploys', {}))).toBe('422 missing_field')
    expect(outcomeOf(await admin.send('PATCH', '/accounts/bob', { disabled: true }))).toBe('404 not_found')
    expect(outcomeOf(await admin.send('PATCH', '/accounts/ada', { role: 'member' }))).toBe('409 last_admin')
    expect(outcomeOf(await admin.send('POST', '/accounts/deploys/reset'))).toBe('422 invalid_value')
  })

  // Covers V16.2.1
  it('leave in the audit what was done, by whom and to whom', async () => {
    await using server = await openAccountServer()
    const admin = server.as(await server.addPerson('ada', 'admin'))
    await server.addPerson('bob')
    await admin.send('POST', '/invitations', { uses: 2 })
    await admin.send('PATCH', '/accounts/bob', { role: 'moderator' })
    const { json, headers } = await admin.get('/audit?limit=2')
    expect(json).toMatchObject([
      { actor: 'ada', action: 'account.role', target: 'bob', detail: 'moderator' },
      { actor: 'ada', action: 'invitation.create', target: null, detail: 'member, 2 uses, 7 days' },
    ])
    const next = await admin.get(`/audit${/<(.*)>/.exec(String(headers.link))?.[1]}`)
    expect(next.json[0].number).toBe(json[1].number - 1)
  })

  it.each(['?limit=0', '?limit=x', '?more=1', '?limit=1&limit=2'])(
    'reject an invalid query: %s',
    async (query) => {
      await using server = await openAccountServer()
      const admin = server.as(await server.addPerson('ada', 'admin'))
      for (const path of ['/accounts', '/tokens', '/audit', '/moderation', '/reports']) {
        expect(outcomeOf(await admin.get(`${path}${query}`))).toBe('400 invalid_query')
      }
    },
  )
})

describe('live connections', () => {
  // Covers V7.4.1, V7.4.2, V7.4.5
  it.each<[string, (server: Awaited<ReturnType<typeof openAccountServer>>, token: string) => unknown]>([
    ['its account is disabled', ({ as, accounts }) => disable({ as, accounts })],
    ['its session ends', ({ as }, token) => as(token).delete('/session')],
    [
      'its password is changed elsewhere',
      async ({ as, accounts }) => {
        const { token } = await accounts.signIn({ handle: 'bob', password: PASSWORD })
        const change = { current_password: PASSWORD, new_password: 'staple of another horse' }
        return as(token).send('PUT', '/account/password', change)
      },
    ],
  ])('close at once when %s, and not before', async (_, act) => {
    // Without looks in between, only the act itself can close it.
    await using server = await openAccountServer({ liveTimes: { sweepMs: 60_000 } })
    const token = await server.addPerson('bob')
    using live = await openWelcomed(server.url, { hello: { token } })
    expect(live.frames.find(({ type }) => type === 'welcome')).toMatchObject({
      sender: 'bob',
      scopes: ['read', 'write'],
    })
    await act(server, token)
    expect((await live.closed).code).toBe(4401)
  })

  async function disable({
    as,
    accounts,
  }: Pick<Awaited<ReturnType<typeof openAccountServer>>, 'as' | 'accounts'>) {
    await accounts.create({ handle: 'ada', role: 'admin', actor: 'setup' })
    const { secret } = await accounts.links.createReset('ada', { actor: 'setup' })
    const { token } = await accounts.reset({ link: secret, password: PASSWORD })
    return as(token).send('PATCH', '/accounts/bob', { disabled: true })
  }

  it('close within a second when another process revokes the token', async () => {
    await using server = await openAccountServer()
    await server.addPerson('bob')
    const token = await server.addToken('bob', ['read'])
    using live = await openWelcomed(server.url, { hello: { token } })
    await server.accounts.change('bob', { disabled: true, actor: 'command line' })
    expect((await live.closed).code).toBe(4401)
  })
})
