import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../clock.js'
import type { NewToken } from '../../tokens/tokens.js'
import {
  ACTOR,
  createPerson,
  expectError,
  type OpenAccountsFixture,
  PASSWORD,
  START_MS,
  withFixture,
} from '../accounts-fixture.js'

const PATIENCE = { timeout: 30_000 }
const TOKEN: NewToken = { handle: 'ada', name: 'laptop', scopes: ['read'], days: 1, actor: 'ada' }

/** Access tokens, and what recognizes them. */
export function describeTokens(open: OpenAccountsFixture): void {
  describe('tokens', () => {
    it(
      'tokens.create() shows the secret once; authenticate() recognizes it until the token ends',
      withFixture(open, async ({ accounts, setTime }) => {
        await createPerson(accounts, 'ada')
        const { token, ...description } = await accounts.tokens.create(TOKEN)
        expect(token).toMatch(/^gitmsg_[\w-]{43}$/)
        expect(description).toMatchObject({
          ...{ handle: 'ada', kind: 'access', name: 'laptop', scopes: ['read'], sender: null },
          expires_at: '2025-01-10T00:00:00.000Z',
        })
        expect((await accounts.tokens.list({ handle: 'ada' }))[0]).toEqual(description)
        expect(JSON.stringify(await accounts.tokens.list())).not.toContain(token)
        expect((await accounts.authenticate(token))?.token.name).toBe('laptop')
        setTime(START_MS + DAY_MS)
        expect(await accounts.authenticate(token)).toBeNull()
        expect((await accounts.tokens.list()).map(({ name }) => name)).not.toContain('laptop')
      }),
    )

    it(
      'a token allows its scopes within the role that the account has now',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada', 'admin')
        await createPerson(accounts, 'bob')
        const scopes = ['admin', 'moderate', 'read'] as const
        const { token, scopes: shown } = await accounts.tokens.create({ ...TOKEN, handle: 'bob', scopes })
        expect(shown).toEqual(['read'])
        const read = async () => (await accounts.authenticate(token))?.scopes
        expect(await read()).toEqual(['read'])
        await accounts.change('bob', { role: 'moderator', actor: 'ada' })
        expect(await read()).toEqual(['read', 'moderate'])
        await accounts.change('bob', { role: 'reader', actor: 'ada' })
        expect(await read()).toEqual(['read'])
      }),
    )

    it(
      'a token of a disabled account is rejected, and works again once the account does; a session does not',
      withFixture(open, async ({ accounts }) => {
        const { token: session } = await createPerson(accounts, 'ada')
        const { token } = await accounts.tokens.create(TOKEN)
        expect(await accounts.authenticate(token)).not.toBeNull()
        await accounts.change('ada', { disabled: true, actor: ACTOR })
        expect([await accounts.authenticate(token), await accounts.authenticate(session)]).toEqual([
          null,
          null,
        ])
        await accounts.change('ada', { disabled: false, actor: ACTOR })
        expect(await accounts.authenticate(token)).not.toBeNull()
        expect(await accounts.authenticate(session)).toBeNull()
      }),
    )

    it(
      'what one process revokes or disables, another one rejects',
      withFixture(open, async ({ accounts, other }) => {
        const second = await other()
        await createPerson(accounts, 'ada')
        const one = await accounts.tokens.create(TOKEN)
        const two = await accounts.tokens.create(TOKEN)
        const grant = await second.authenticate(one.token)
        expect(await second.renew(grant?.token.digest ?? '')).toEqual(grant)
        expect(await accounts.tokens.revoke(one.id, { actor: 'ada' })).toBe(true)
        expect(await accounts.authenticate(one.token)).toBeNull()
        // Another process may notice it a little later.
        await expect.poll(() => second.authenticate(one.token), PATIENCE).toBeNull()
        expect(await second.renew(grant?.token.digest ?? '')).toBeNull()
        expect(await second.authenticate(two.token)).not.toBeNull()
        await accounts.change('ada', { disabled: true, actor: ACTOR })
        expect(await accounts.authenticate(two.token)).toBeNull()
        await expect.poll(() => second.authenticate(two.token), PATIENCE).toBeNull()
      }),
    )

    it(
      'authenticate() rejects everything but the secret itself',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada')
        const { token } = await accounts.tokens.create(TOKEN)
        const digest = (await accounts.authenticate(token))?.token.digest ?? ''
        const { secret } = await accounts.links.invite({ actor: ACTOR })
        for (const text of [
          '',
          digest,
          `gitmsg_${digest.slice(0, 43)}`,
          `${token} `,
          token.toUpperCase(),
          secret,
        ]) {
          expect(await accounts.authenticate(text)).toBeNull()
        }
        expect(await accounts.authenticate(token.replace('gitmsg_', 'gitmsgs_'))).toBeNull()
      }),
    )

    it(
      'tokens.revoke() leaves tokens of other accounts alone if it names an account',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada')
        const { id, token } = await accounts.tokens.create(TOKEN)
        expect(await accounts.tokens.revoke(id, { handle: 'bob', actor: 'bob' })).toBe(false)
        expect(await accounts.authenticate(token)).not.toBeNull()
        expect(await accounts.tokens.revoke(id, { handle: 'ada', actor: 'ada' })).toBe(true)
        expect(await accounts.tokens.revoke(id, { actor: 'ada' })).toBe(false)
      }),
    )

    it(
      'only a service can have a token for other senders',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada')
        await accounts.create({ handle: 'irc', kind: 'service', actor: 'ada' })
        await expectError(accounts.tokens.create({ ...TOKEN, sender: 'x/*' }), 'not-a-service')
        const { token } = await accounts.tokens.create({ ...TOKEN, handle: 'irc', sender: 'irc/*' })
        expect((await accounts.authenticate(token))?.token.sender).toBe('irc/*')
      }),
    )

    it.each<[string, Partial<NewToken>, string]>([
      ['an unknown account', { handle: 'bob' }, 'no-such-account'],
      ['no scopes', { scopes: [] }, 'invalid-argument'],
      ['an unknown scope', { scopes: ['root' as never] }, 'invalid-argument'],
      ['no name', { name: '' }, 'invalid-argument'],
      ['a long name', { name: 'a'.repeat(65) }, 'invalid-argument'],
      ['no days', { days: 0 }, 'invalid-argument'],
      ['part of a day', { days: 0.5 }, 'invalid-argument'],
    ])('tokens.create() rejects %s', (_, fields, code) =>
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada')
        await expectError(accounts.tokens.create({ ...TOKEN, ...fields }), code)
      })(),
    )

    it(
      'an account has at most 100 access tokens',
      withFixture(open, async ({ accounts, setTime }) => {
        await createPerson(accounts, 'ada')
        for (let number = 0; number < 100; number += 1) await accounts.tokens.create(TOKEN)
        await expectError(accounts.tokens.create(TOKEN), 'too-many')
        setTime(START_MS + DAY_MS)
        await accounts.signIn({ handle: 'ada', password: PASSWORD })
        await accounts.tokens.create(TOKEN)
      }),
    )
  })
}
