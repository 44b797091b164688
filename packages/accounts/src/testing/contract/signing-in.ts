import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../clock.js'
import {
  ACTOR,
  createPerson,
  expectError,
  type OpenAccountsFixture,
  OTHER_PASSWORD,
  outcomesOf,
  PASSWORD,
  START_MS,
  withFixture,
} from '../accounts-fixture.js'

const IDENTITY = { issuer: 'https://id.example.org', subject: '248289761001' }

/** Sessions, by password and by identity. */
export function describeSigningIn(open: OpenAccountsFixture): void {
  describe('signing in', () => {
    it(
      'signIn() starts a session that authenticate() recognizes',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada', 'moderator')
        const { token, expires_at, account } = await accounts.signIn({ handle: 'ada', password: PASSWORD })
        expect(token).toMatch(/^gitmsgs_[\w-]{43}$/)
        expect([expires_at, account.handle]).toEqual(['2025-02-08T00:00:00.000Z', 'ada'])
        expect(await accounts.authenticate(token)).toMatchObject({
          ...{ handle: 'ada', role: 'moderator', scopes: ['read', 'write', 'moderate'] },
          token: { kind: 'session', sender: null },
        })
      }),
    )

    it(
      'signIn() rejects a wrong password, an unknown or disabled account, and one without a password, alike',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada')
        await createPerson(accounts, 'bob')
        await accounts.create({ handle: 'carol', actor: ACTOR })
        await accounts.create({ handle: 'bot', kind: 'service', actor: ACTOR })
        await accounts.change('bob', { disabled: true, actor: ACTOR })
        const calls = [
          ...['bob', 'carol', 'bot', 'dave', 'no handle', ''].map((handle) => ({
            handle,
            password: PASSWORD,
          })),
          ...['', PASSWORD.toUpperCase(), `${PASSWORD} `].map((password) => ({ handle: 'ada', password })),
        ].map((credentials) => accounts.signIn(credentials))
        const messages = (await Promise.allSettled(calls)).map((outcome) =>
          outcome.status === 'rejected' ? `${outcome.reason.code}: ${outcome.reason.message}` : 'signed in',
        )
        expect(new Set(messages)).toEqual(
          new Set(['invalid-credentials: the handle or the password is not right']),
        )
      }),
    )

    it(
      'a session ends after 30 days, or after 7 days without use',
      withFixture(open, async ({ accounts, setTime }) => {
        const used = await createPerson(accounts, 'ada')
        const idle = await accounts.signIn({ handle: 'ada', password: PASSWORD })
        for (let day = 1; day < 30; day += 1) {
          setTime(START_MS + day * DAY_MS)
          expect([day, (await accounts.authenticate(used.token))?.handle]).toEqual([day, 'ada'])
        }
        expect(await accounts.authenticate(idle.token)).toBeNull()
        setTime(START_MS + 30 * DAY_MS)
        expect(await accounts.authenticate(used.token)).toBeNull()
      }),
    )

    it(
      'an account has at most 50 sessions: the oldest ends',
      withFixture(open, async ({ accounts }) => {
        const first = await createPerson(accounts, 'ada')
        const sign = () => accounts.signIn({ handle: 'ada', password: PASSWORD })
        const second = await sign()
        for (let number = 2; number < 50; number += 1) await sign()
        expect(await accounts.authenticate(first.token)).not.toBeNull()
        await sign()
        expect(await accounts.authenticate(first.token)).toBeNull()
        expect(await accounts.authenticate(second.token)).not.toBeNull()
      }),
    )

    it(
      'changePassword() ends all other sessions, and asks for the current password',
      withFixture(open, async ({ accounts }) => {
        const other = await createPerson(accounts, 'ada')
        const own = await accounts.signIn({ handle: 'ada', password: PASSWORD })
        const keep = (await accounts.authenticate(own.token))?.token.id
        const change = { handle: 'ada', current: PASSWORD, password: OTHER_PASSWORD, keep }
        await expectError(accounts.changePassword({ ...change, current: 'wrong' }), 'invalid-credentials')
        await expectError(accounts.changePassword({ ...change, password: 'short' }), 'weak-password')
        await accounts.changePassword(change)
        expect(await accounts.authenticate(other.token)).toBeNull()
        expect(await accounts.authenticate(own.token)).not.toBeNull()
        const sign = (password: string) => accounts.signIn({ handle: 'ada', password })
        expect(await outcomesOf([sign(PASSWORD), sign(OTHER_PASSWORD)])).toEqual([
          'invalid-credentials',
          'done',
        ])
      }),
    )

    it(
      'an identity takes the place of a password when one joins, and signs in from then on',
      withFixture(open, async ({ accounts, setTime }) => {
        expect(await accounts.signInWithIdentity(IDENTITY)).toBeNull()
        const invitation = await accounts.links.invite({ uses: 2, actor: ACTOR })
        const proof = await accounts.links.proveIdentity(IDENTITY)
        const joining = { link: invitation.secret, handle: 'ada', identity: proof.secret }
        expect((await accounts.join(joining)).account.handle).toBe('ada')
        expect(await accounts.signInWithIdentity(IDENTITY)).toMatchObject({ account: { handle: 'ada' } })
        await expectError(accounts.join({ ...joining, handle: 'bob' }), 'invalid-link')
        const again = await accounts.links.proveIdentity(IDENTITY)
        await expectError(
          accounts.join({ ...joining, handle: 'bob', identity: again.secret }),
          'identity-taken',
        )
        const late = await accounts.links.proveIdentity({ ...IDENTITY, subject: 'late' })
        setTime(START_MS + 11 * 60_000)
        await expectError(accounts.join({ ...joining, handle: 'bob', identity: late.secret }), 'invalid-link')
        await accounts.change('ada', { disabled: true, actor: ACTOR })
        await expectError(accounts.signInWithIdentity(IDENTITY), 'invalid-credentials')
      }),
    )

    it(
      'an identity that resets an account replaces its password and its earlier identities',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada')
        for (const subject of ['one', 'two']) {
          const { secret } = await accounts.links.createReset('ada', { actor: ACTOR })
          const proof = await accounts.links.proveIdentity({ ...IDENTITY, subject })
          await accounts.reset({ link: secret, identity: proof.secret })
        }
        await expectError(accounts.signIn({ handle: 'ada', password: PASSWORD }), 'invalid-credentials')
        expect(await accounts.signInWithIdentity({ ...IDENTITY, subject: 'one' })).toBeNull()
        expect(await accounts.signInWithIdentity({ ...IDENTITY, subject: 'two' })).not.toBeNull()
        expect(
          await accounts.signInWithIdentity({ issuer: 'https://other.example', subject: 'two' }),
        ).toBeNull()
      }),
    )
  })
}
