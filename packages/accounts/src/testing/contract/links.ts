import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../clock.js'
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

/** Invitations and new passwords. */
export function describeLinks(open: OpenAccountsFixture): void {
  describe('links', () => {
    it(
      'join() makes an account of the role of the invitation, and starts a session',
      withFixture(open, async ({ accounts }) => {
        const { secret, expires_at } = await accounts.links.invite({ role: 'moderator', actor: ACTOR })
        expect(expires_at).toBe('2025-01-16T00:00:00.000Z')
        const { token, account } = await accounts.join({ link: secret, handle: 'ada', password: PASSWORD })
        expect(account).toMatchObject({ handle: 'ada', kind: 'person', role: 'moderator', created_by: 'ada' })
        expect((await accounts.authenticate(token))?.handle).toBe('ada')
        await accounts.signIn({ handle: 'ada', password: PASSWORD })
      }),
    )

    it(
      'an invitation makes as many accounts as it has uses, also if more come at once',
      withFixture(open, async ({ accounts, other }) => {
        const second = await other()
        const { secret: link } = await accounts.links.invite({ uses: 2, actor: ACTOR })
        const calls = Array.from({ length: 6 }, (_, number) =>
          (number % 2 ? accounts : second).join({ link, handle: `person-${number}`, password: PASSWORD }),
        )
        const outcomes = await outcomesOf(calls)
        expect(outcomes.toSorted()).toEqual(['done', 'done', ...Array(4).fill('invalid-link')])
        expect(await accounts.list()).toHaveLength(2)
      }),
    )

    it(
      'a rejected attempt does not use an invitation up',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada')
        const { secret: link } = await accounts.links.invite({ actor: ACTOR })
        const join = (handle: string, password = PASSWORD) => accounts.join({ link, handle, password })
        await expectError(join('ada'), 'handle-taken')
        await expectError(join('Bob'), 'invalid-handle')
        await expectError(join('bob', 'short'), 'weak-password')
        await expectError(join('bob', 'a'.repeat(129)), 'weak-password')
        await expectError(join('bob', 'Password1'), 'weak-password')
        expect((await join('bob')).account.handle).toBe('bob')
        await expectError(join('carol'), 'invalid-link')
      }),
    )

    it(
      'an invitation ends, and one that is unknown or of another kind is rejected',
      withFixture(open, async ({ accounts, setTime }) => {
        await createPerson(accounts, 'ada')
        const invitation = await accounts.links.invite({ days: 2, actor: ACTOR })
        const reset = await accounts.links.createReset('ada', { actor: ACTOR })
        const join = (link: string) => accounts.join({ link, handle: 'bob', password: PASSWORD })
        for (const link of ['', `gitmsgj_${'a'.repeat(43)}`, reset.secret, `${invitation.secret}x`]) {
          await expectError(join(link), 'invalid-link')
        }
        await expectError(accounts.reset({ link: invitation.secret, password: PASSWORD }), 'invalid-link')
        setTime(START_MS + 2 * DAY_MS)
        await expectError(join(invitation.secret), 'invalid-link')
      }),
    )

    it(
      'join() asks whether a handle has another use only if the link is valid',
      withFixture(open, async ({ accounts }) => {
        const asked: string[] = []
        const isTaken = async (handle: string) => {
          asked.push(handle)
          return handle === 'ada'
        }
        const join = (link: string, handle: string) =>
          accounts.join({ link, handle, password: PASSWORD, isTaken })
        await expectError(join('gitmsgj_unknown', 'ada'), 'invalid-link')
        const { secret } = await accounts.links.invite({ actor: ACTOR })
        await expectError(join(secret, 'ada'), 'handle-taken')
        await join(secret, 'bob')
        expect(asked).toEqual(['ada', 'bob'])
      }),
    )

    it(
      'join() without a link makes a member',
      withFixture(open, async ({ accounts }) => {
        const { account } = await accounts.join({ link: null, handle: 'ada', password: PASSWORD })
        expect(account.role).toBe('member')
      }),
    )

    it(
      'reset() changes the password once, and ends all sessions',
      withFixture(open, async ({ accounts }) => {
        const before = await createPerson(accounts, 'ada')
        const { secret: link } = await accounts.links.createReset('ada', { actor: ACTOR })
        await expectError(accounts.reset({ link, password: 'short' }), 'weak-password')
        const calls = [OTHER_PASSWORD, PASSWORD].map((password) => accounts.reset({ link, password }))
        expect((await outcomesOf(calls)).toSorted()).toEqual(['done', 'invalid-link'])
        expect(await accounts.authenticate(before.token)).toBeNull()
      }),
    )

    it(
      'a reset link ends after its time, when another is created, and while the account is disabled',
      withFixture(open, async ({ accounts, setTime }) => {
        await createPerson(accounts, 'ada')
        const create = async (hours?: number) =>
          (await accounts.links.createReset('ada', { actor: ACTOR, hours })).secret
        const reset = (link: string) => accounts.reset({ link, password: OTHER_PASSWORD })
        const first = await create(48)
        const second = await create()
        await expectError(reset(first), 'invalid-link')
        await accounts.change('ada', { disabled: true, actor: ACTOR })
        await expectError(reset(second), 'invalid-link')
        await accounts.change('ada', { disabled: false, actor: ACTOR })
        setTime(START_MS + HOUR_MS)
        await expectError(reset(second), 'invalid-link')
        const third = await create(48)
        setTime(START_MS + 48 * HOUR_MS)
        await reset(third)
      }),
    )

    it(
      'createReset() is for people only',
      withFixture(open, async ({ accounts }) => {
        await accounts.create({ handle: 'bot', kind: 'service', actor: ACTOR })
        await expectError(accounts.links.createReset('bot', { actor: ACTOR }), 'not-a-person')
        await expectError(accounts.links.createReset('ada', { actor: ACTOR }), 'no-such-account')
      }),
    )

    it.each([{ uses: 0 }, { uses: 1001 }, { days: 0 }, { days: 366 }, { role: 'root' as never }])(
      'invite() rejects %j',
      (fields) =>
        withFixture(open, async ({ accounts }) => {
          await expectError(accounts.links.invite({ ...fields, actor: ACTOR }), 'invalid-argument')
        })(),
    )
  })
}
