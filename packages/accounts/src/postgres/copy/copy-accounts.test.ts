import { createDatabase, findPostgres, query } from '@gitmsg/test-postgres'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Accounts } from '../../index.js'
import { CHEAP, createPerson, expectError, PASSWORD } from '../../testing/accounts-fixture.js'
import { openTemporaryAccounts } from '../../testing/temporary-accounts.js'
import { copyAccounts, openPostgresAccounts } from '../index.js'

const server = await findPostgres()

describe.skipIf(server === null)('copyAccounts()', () => {
  async function openDatabase(): Promise<string> {
    const database = await createDatabase(server ?? '')
    onTestFinished(database.drop)
    return database.url
  }

  /** Accounts with something in every table, and numbers that are not to be given out again. */
  async function fill(accounts: Accounts): Promise<string> {
    const { token } = await createPerson(accounts, 'ada', 'admin')
    await accounts.create({ handle: 'bob', actor: 'ada' })
    const { secret } = await accounts.links.createReset('bob', { actor: 'ada' })
    const proof = await accounts.links.proveIdentity({ issuer: 'https://id.example.org', subject: 'é' })
    await accounts.reset({ link: secret, identity: proof.secret })
    await accounts.links.invite({ actor: 'ada' })
    const access = { handle: 'ada', name: 'last', scopes: ['read'], days: 9, actor: 'ada' } as const
    await accounts.tokens.revoke((await accounts.tokens.create(access)).id, { actor: 'ada' })
    for (let number = 1; number <= 3; number += 1) {
      await accounts.held.hold({ handle: 'bob', post: `{"n":${number}}`, uid: `u${number}`, reason: 'r' })
    }
    await accounts.held.approve(1, 'ada')
    await accounts.held.reject(3, 'ada')
    await accounts.reports.add({ subject: 'u9', handle: 'bob', reason: 'Spam' })
    await accounts.dailyPosts.take('ada', 5)
    // More than one part of a table.
    for (let number = 0; number < 450; number += 1) await accounts.audit.record({ actor: 'ada', action: 'x' })
    return token
  }

  const describeAll = async (accounts: Accounts) => ({
    list: await accounts.list(),
    tokens: await accounts.tokens.list(),
    audit: await accounts.audit.list({ limit: 1000 }),
    held: await accounts.held.list(),
    approving: await accounts.held.listApproving(),
    reports: await accounts.reports.list(),
  })

  it('takes everything to PostgreSQL and back, and numbers go on', async () => {
    await using original = await openTemporaryAccounts()
    await using back = await openTemporaryAccounts()
    const token = await fill(original)
    const before = await describeAll(original)
    const to = { url: await openDatabase() }
    const copied = await copyAccounts({ from: { path: original.path }, to })
    expect(copied).toMatchObject({ accounts: 2, tokens: 2, held: 3, digest: expect.any(String) })
    // Again, as after a command that was interrupted.
    expect(await copyAccounts({ from: { path: original.path }, to })).toEqual(copied)
    expect(await copyAccounts({ from: to, to: { path: back.path } })).toEqual(copied)

    await using onPostgres = await openPostgresAccounts({ ...to, passwordCost: CHEAP })
    for (const copy of [onPostgres, back]) {
      expect(await describeAll(copy)).toEqual(before)
      expect((await copy.authenticate(token))?.handle).toBe('ada')
      await copy.signIn({ handle: 'ada', password: PASSWORD })
      const access = { handle: 'ada', name: 'next', scopes: ['read'], days: 9, actor: 'ada' } as const
      expect((await copy.tokens.create(access)).id).toBe(5)
      expect(await copy.held.hold({ handle: 'bob', post: 'x', uid: 'u4', reason: 'r' })).toMatchObject({
        id: 4,
      })
    }
  })

  it('leaves a database with other accounts as it is', async () => {
    await using original = await openTemporaryAccounts()
    await original.create({ handle: 'ada', actor: 'setup' })
    const url = await openDatabase()
    await using other = await openPostgresAccounts({ url })
    await other.create({ handle: 'eve', actor: 'setup' })
    await expectError(copyAccounts({ from: { path: original.path }, to: { url } }), 'not-empty')
    expect(await other.list()).toMatchObject([{ handle: 'eve' }])
  })

  it('copies nothing if it is aborted, has nothing to read, or cannot write everything', async () => {
    await using original = await openTemporaryAccounts()
    await original.create({ handle: 'ada', actor: 'setup' })
    const url = await openDatabase()
    await using other = await openPostgresAccounts({ url })
    const options = { from: { path: original.path }, to: { url } }
    await expectError(copyAccounts({ ...options, signal: AbortSignal.abort() }), 'aborted')
    const missing = { from: { path: `${original.path}.old` }, to: { url } }
    await expectError(copyAccounts(missing), 'not-accounts')
    await query(url, "alter table gitmsg_accounts.audit add check (actor <> 'setup')")
    await expectError(copyAccounts(options), 'failed')
    expect(await other.list()).toEqual([])
  })

  it.each([
    [{ from: {}, to: { path: 'a' } }],
    [{ from: { path: 'a', url: 'postgres://h/d' }, to: { path: 'a' } }],
    [{ from: { url: 'mysql://h/d' }, to: { path: 'a' } }],
    [{ from: { url: 'postgres://h/d', schema: 'A' }, to: { path: 'a' } }],
  ])('rejects %j', async (options) => {
    await expectError(copyAccounts(options as never), 'invalid-argument')
  })
})
