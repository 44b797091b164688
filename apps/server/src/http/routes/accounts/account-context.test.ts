import { describe, expect, it } from 'vitest'
import { openLog } from '../../../testing/open-log.js'
import { openAccountServer, PASSWORD } from '../../../testing/servers/open-account-server.js'

const NEXT = 'staple of another horse'

describe('the log of sign-ins', () => {
  // Covers V16.2.1, V16.3.1
  it('has every attempt with its time, client and way, and no secret', async () => {
    const { logger, lines } = openLog()
    await using server = await openAccountServer({ logger, accountsConfig: { isOpen: true } })
    await server.addPerson('alice')
    lines()
    const send = (method: string, path: string, body: object, token: string | null = null) =>
      server.as(token).send(method, path, body)
    const { json } = await send('POST', '/session', { handle: 'alice', password: PASSWORD })
    const change = { current_password: PASSWORD, new_password: NEXT }
    await send('PUT', '/account/password', change, json.token)
    await server.as(json.token).delete('/session')
    const link = (await server.accounts.links.invite({ actor: 'setup' })).secret
    await send('POST', '/join', { link, handle: 'bob', password: PASSWORD })
    await send('POST', '/join', { handle: 'carol', password: PASSWORD })
    const reset = (await server.accounts.links.createReset('bob', { actor: 'setup' })).secret
    await send('POST', '/reset', { link: reset, password: NEXT })
    await send('POST', '/reset', { link: reset, password: NEXT })
    for (let count = 0; count < 6; count += 1) {
      await send('POST', '/session', { handle: 'alice', password: 'not this one' })
    }

    const written = lines()
    expect(written.map(({ msg, account, way, code }) => [msg, account, way ?? code])).toEqual([
      ['signed in', 'alice', 'password'],
      ['password changed', 'alice', undefined],
      ['signed out', 'alice', undefined],
      ['signed in', 'bob', 'invitation'],
      ['signed in', 'carol', 'registration'],
      ['signed in', 'bob', 'reset link'],
      ['request rejected', undefined, 'invalid_link'],
      ...Array.from({ length: 5 }, () => ['request rejected', undefined, 'invalid_credentials']),
      ['request rejected', undefined, 'rate_limited'],
    ])
    for (const line of written) {
      expect(line).toMatchObject({ peer: '127.0.0.1', request_id: expect.any(String) })
      expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    }
    const text = JSON.stringify(written)
    for (const secret of [PASSWORD, NEXT, 'not this one', link, reset, json.token]) {
      expect(text).not.toContain(secret)
    }
  })
})
