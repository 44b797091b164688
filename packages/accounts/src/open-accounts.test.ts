import { randomUUID } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { type Accounts, openAccounts } from './index.js'
import { MIGRATIONS } from './sqlite/migrations/migrations.js'
import { expectError, PASSWORD } from './testing/accounts-fixture.js'
import { describeAccountsContract } from './testing/describe-accounts-contract.js'
import { openTemporaryAccounts } from './testing/temporary-accounts.js'

describeAccountsContract('SQLite', async (options) => {
  const accounts = await openTemporaryAccounts(options)
  const others: { close(): Promise<void> }[] = []
  return {
    accounts,
    async other() {
      const another = await openAccounts({ ...options, path: accounts.path })
      others.push(another)
      return another
    },
    async dispose() {
      for (const another of others) await another.close()
      await accounts.close()
    },
  }
})

/** The path of a database that was closed, and is removed after the test. */
async function closedDatabase(): Promise<string> {
  const keeper = await openTemporaryAccounts()
  onTestFinished(() => keeper.close())
  return keeper.path
}

it('openAccounts() creates a file for its owner only, marked as "gacc"', async () => {
  await using accounts = await openTemporaryAccounts()
  expect(lstatSync(accounts.path).mode & 0o777).toBe(0o600)
  expect(readFileSync(accounts.path).subarray(68, 72).toString()).toBe('gacc')
})

it('openAccounts() finds what was stored before', async () => {
  const path = await closedDatabase()
  const first = await openAccounts({ path })
  await first.create({ handle: 'ada', actor: 'setup' })
  await first.close()
  await using second = await openAccounts({ path })
  expect((await second.find('ada'))?.handle).toBe('ada')
})

it('the file has no secret and no password, in any form that could be used', async () => {
  await using accounts = await openTemporaryAccounts()
  await accounts.create({ handle: 'ada', actor: 'setup' })
  const { secret } = await accounts.links.createReset('ada', { actor: 'setup' })
  const invitation = await accounts.links.invite({ actor: 'setup' })
  const session = await accounts.reset({ link: secret, password: PASSWORD })
  const access = await accounts.tokens.create({
    ...{ handle: 'ada', name: 'a', scopes: ['read'], days: 1, actor: 'ada' },
  })
  const bytes = ['', '-wal'].map((suffix) => readFileSync(accounts.path + suffix, 'latin1')).join('')
  expect(bytes).toContain('$argon2id$')
  for (const text of [secret, invitation.secret, session.token, access.token, PASSWORD]) {
    expect(bytes).not.toContain(text.slice(-20))
  }
})

it('openAccounts() leaves the file of another program as it was', async () => {
  const path = join(dirname(await closedDatabase()), 'other.db')
  const handle = new BetterSqlite3(path)
  handle.exec('create table other (id)')
  handle.close()
  const before = readFileSync(path)
  await expectError(openAccounts({ path }), 'not-accounts')
  writeFileSync(`${path}.txt`, 'not a database '.repeat(100))
  await expectError(openAccounts({ path: `${path}.txt` }), 'not-accounts')
  expect(readFileSync(path).equals(before)).toBe(true)
})

it('openAccounts() rejects a symbolic link, a folder, and a file of a newer version', async () => {
  const path = await closedDatabase()
  const link = join(dirname(path), 'link.db')
  symlinkSync(path, link)
  await expectError(openAccounts({ path: link }), 'not-accounts')
  await expectError(openAccounts({ path: dirname(path) }), 'not-accounts')
  const handle = new BetterSqlite3(path)
  handle.prepare('insert into schema_version (name, timestamp) values (?, ?)').run('9999_more', '')
  handle.close()
  await expectError(openAccounts({ path }), 'newer-schema')
})

it.each<[string, object]>([
  ['a misspelt option', { busyTimeOut: 5 }],
  ['an invalid busyTimeout', { busyTimeout: -1 }],
])('openAccounts() rejects %s and creates no file', async (_, options) => {
  const path = join(dirname(await closedDatabase()), 'new.db')
  await expectError(openAccounts({ path, ...options }), 'invalid-argument')
  expect(existsSync(path)).toBe(false)
})

it('a write waits for another process, and fails with "busy" in the end', async () => {
  await using accounts = await openTemporaryAccounts({ busyTimeout: 100 })
  const handle = new BetterSqlite3(accounts.path)
  handle.exec('begin immediate')
  await expectError(accounts.create({ handle: 'ada', actor: 'setup' }), 'busy')
  const waiting = accounts.create({ handle: 'bob', actor: 'setup' })
  handle.exec('rollback')
  handle.close()
  expect((await waiting).handle).toBe('bob')
})

it('what one process revokes, another one rejects from then on', async () => {
  await using accounts = await openTemporaryAccounts()
  await using other = await openAccounts({ path: accounts.path })
  await accounts.create({ handle: 'ada', actor: 'setup' })
  const token = { handle: 'ada', name: 'a', scopes: ['read'], days: 1, actor: 'ada' } as const
  const { id, token: secret } = await accounts.tokens.create(token)
  expect(await other.authenticate(secret)).not.toBeNull()
  await accounts.tokens.revoke(id, { actor: 'ada' })
  expect(await other.authenticate(secret)).toBeNull()
})

it('close() waits for running calls and rejects later ones', async () => {
  const accounts = await openTemporaryAccounts()
  const running = accounts.create({ handle: 'ada', actor: 'setup' })
  await accounts.close()
  expect((await running).handle).toBe('ada')
  await expectError(accounts.find('ada'), 'closed')
  await expectError(accounts.tokens.list(), 'closed')
})

it('the migrations create strict tables only, apart from those of the migrator', async () => {
  const path = await closedDatabase()
  const handle = new BetterSqlite3(path, { readonly: true })
  const loose =
    "select name from pragma_table_list where schema = 'main' and not strict and name not like 'sqlite_%'"
  expect(handle.prepare(loose).pluck().all()).toEqual(['schema_version', 'schema_version_lock'])
  expect(handle.prepare('select name from schema_version').pluck().all()).toEqual(Object.keys(MIGRATIONS))
  handle.close()
})

const FLOODS: [table: string, insert: string, add: (accounts: Accounts) => Promise<unknown>][] = [
  [
    'links',
    "insert into links select 'd' || value, 'join', null, 'member', null, null, 1, '', '', '9' from n",
    ({ links }) => links.invite({ actor: 'ada' }),
  ],
  [
    'held posts',
    "insert into held select null, 'ada', 'x', 'u' || value, '', null, 'r', 'held', '9', null, null from n",
    ({ held }) => held.hold({ handle: 'bob', post: 'x', uid: randomUUID(), reason: 'r' }),
  ],
  [
    'reports',
    "insert into reports select null, 'u' || value, 'ada', null, '' from n",
    ({ reports }) => reports.add({ handle: 'bob', subject: randomUUID() }),
  ],
]

it.each(FLOODS)('a flood does not fill the table of %s: 1,000 are the most', async (_, insert, add) => {
  await using accounts = await openTemporaryAccounts()
  for (const handle of ['ada', 'bob']) await accounts.create({ handle, actor: 'setup' })
  const handle = new BetterSqlite3(accounts.path)
  handle.exec(
    `with recursive n as (select 1 as value union all select value + 1 from n where value < 999) ${insert}`,
  )
  handle.close()
  await add(accounts)
  await expectError(add(accounts), 'too-many')
})

it('the audit keeps its newest 100,000 entries', async () => {
  await using accounts = await openTemporaryAccounts()
  const handle = new BetterSqlite3(accounts.path)
  handle.exec(
    "insert into audit (number, at, actor, action) values (1, '', 'a', 'b'), (100000, '', 'a', 'b')",
  )
  handle.close()
  await accounts.audit.record({ actor: 'a', action: 'c' })
  expect((await accounts.audit.list()).map(({ number }) => number)).toEqual([100_001, 100_000])
})
