import { describe, expect, it } from 'vitest'
import { SETTLED_POSTS } from '../../accounts/account-row.js'
import type { NewAccount } from '../../accounts/accounts-table.js'
import {
  ACTOR,
  createPerson,
  expectError,
  type OpenAccountsFixture,
  PASSWORD,
  withFixture,
} from '../accounts-fixture.js'

const INVALID_HANDLES = ['', 'Ada', '.ada', '-ada', 'ada/x', 'a b', 'é', 'a'.repeat(33), 'ada\n']

/** Creating, changing and listing accounts. */
export function describeAccountsTable(open: OpenAccountsFixture): void {
  describe('accounts', () => {
    it(
      'create() stores an account, which find() and list() return',
      withFixture(open, async ({ accounts }) => {
        const ada = await accounts.create({ handle: 'ada', role: 'admin', actor: ACTOR })
        await accounts.create({ handle: 'bot-1', kind: 'service', actor: 'ada' })
        expect(ada).toEqual({
          ...{ handle: 'ada', kind: 'person', role: 'admin', disabled: false },
          ...{ created_at: '2025-01-09T00:00:00.000Z', created_by: ACTOR },
        })
        expect(await accounts.find('ada')).toEqual(ada)
        expect(await accounts.find('bob')).toBeNull()
        expect((await accounts.list()).map(({ handle }) => handle)).toEqual(['ada', 'bot-1'])
        expect(await accounts.list({ after: 'ada', limit: 1 })).toMatchObject([{ handle: 'bot-1' }])
      }),
    )

    it.each(INVALID_HANDLES)('create() rejects a text that is not a handle: %j', (handle) =>
      withFixture(open, async ({ accounts }) => {
        await expectError(accounts.create({ handle, actor: ACTOR }), 'invalid-handle')
      })(),
    )

    it(
      'create() rejects a handle that is taken, or looks like one that is, also by a disabled account',
      withFixture(open, async ({ accounts }) => {
        await accounts.create({ handle: 'alice0', actor: ACTOR })
        await accounts.change('alice0', { disabled: true, actor: ACTOR })
        for (const handle of ['alice0', 'a1ice0', 'aliceo']) {
          await expectError(accounts.create({ handle, actor: ACTOR }), 'handle-taken')
        }
        await accounts.create({ handle: 'alice', actor: ACTOR })
      }),
    )

    it.each<[string, Partial<NewAccount>]>([
      ['a role', { role: 'root' as never }],
      ['a kind', { kind: 'group' as never }],
      ['an actor', { actor: '' }],
    ])('create() rejects what is not %s', (_, fields) =>
      withFixture(open, async ({ accounts }) => {
        const call = accounts.create({ handle: 'ada', actor: ACTOR, ...fields })
        await expectError(call, 'invalid-argument')
        expect(await accounts.list()).toEqual([])
      })(),
    )

    it(
      'isLookAlike() finds names that can be mistaken for a handle',
      withFixture(open, async ({ accounts }) => {
        await accounts.create({ handle: 'alice', actor: ACTOR })
        for (const name of [
          'alice',
          'Alice',
          'аlice',
          'aIice',
          'ａｌｉｃｅ',
          ' alice\u200b',
          'álice',
          'a1ice',
        ]) {
          expect([name, await accounts.isLookAlike(name)]).toEqual([name, true])
        }
        for (const name of ['bob', 'alice2', 'irc/alice', '爱丽丝']) {
          expect([name, await accounts.isLookAlike(name)]).toEqual([name, false])
        }
      }),
    )

    it(
      'change() gives another role or disables, and records only what has changed',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada', 'admin')
        await createPerson(accounts, 'bob')
        const change = { role: 'moderator', disabled: true, actor: 'ada' } as const
        expect(await accounts.change('bob', change)).toMatchObject({ role: 'moderator', disabled: true })
        expect(await accounts.change('bob', change)).toMatchObject({ role: 'moderator', disabled: true })
        expect(await accounts.change('bob', { disabled: false, actor: 'ada' })).toMatchObject({
          disabled: false,
        })
        const acts = (await accounts.audit.list({ limit: 3 })).map(({ action, target }) => [action, target])
        expect(acts).toEqual([
          ['account.enable', 'bob'],
          ['account.disable', 'bob'],
          ['account.role', 'bob'],
        ])
        await expectError(accounts.change('carol', { disabled: true, actor: 'ada' }), 'no-such-account')
      }),
    )

    it(
      'change() does not take the last admin away, and changes nothing then',
      withFixture(open, async ({ accounts }) => {
        expect(await accounts.hasAdmin()).toBe(false)
        const { token } = await createPerson(accounts, 'ada', 'admin')
        expect(await accounts.hasAdmin()).toBe(true)
        await expectError(accounts.change('ada', { role: 'member', actor: 'ada' }), 'last-admin')
        await expectError(accounts.change('ada', { disabled: true, actor: 'ada' }), 'last-admin')
        expect(await accounts.authenticate(token)).toMatchObject({ role: 'admin' })
        await createPerson(accounts, 'bob', 'admin')
        await accounts.change('ada', { role: 'member', actor: 'bob' })
        await expectError(accounts.change('bob', { role: 'reader', actor: 'bob' }), 'last-admin')
      }),
    )

    it(
      'change() ends the links of an admin who is none any more, and no others',
      withFixture(open, async ({ accounts }) => {
        await createPerson(accounts, 'ada', 'admin')
        const invite = async (actor: string) => (await accounts.links.invite({ uses: 9, actor })).secret
        const join = (link: string, handle: string) => accounts.join({ link, handle, password: PASSWORD })
        const changes = { bob: { role: 'moderator' }, eve: { disabled: true } } as const
        for (const [handle, change] of Object.entries(changes)) {
          await createPerson(accounts, handle, 'admin')
          const [own, other] = [await invite(handle), await invite('ada')]
          await join(own, `${handle}-1`)
          await accounts.change(handle, { ...change, actor: 'ada' })
          await expectError(join(own, `${handle}-2`), 'invalid-link')
          await join(other, `${handle}-2`)
        }
      }),
    )

    it(
      'countPost() counts as far as the number makes a difference',
      withFixture(open, async ({ accounts }) => {
        const { token } = await createPerson(accounts, 'ada')
        const read = async () => (await accounts.authenticate(token))?.posts
        await accounts.countPost('ada')
        expect(await read()).toBe(1)
        for (let number = 0; number < SETTLED_POSTS; number += 1) await accounts.countPost('ada')
        expect(await read()).toBe(SETTLED_POSTS)
      }),
    )
  })
}
