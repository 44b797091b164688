import {
  createDatabase,
  findPostgres,
  query,
  startCuttingProxy,
  type TestDatabase,
} from '@gitmsg/test-postgres'
import { describe, expect, it, vi } from 'vitest'
import { CHEAP, createPerson, expectError, PASSWORD } from '../testing/accounts-fixture.js'
import { openPostgresAccounts } from './index.js'

const URL_OF_NOTHING = 'postgres://127.0.0.1:1/nothing'

it.each([
  [{ url: 'mysql://host/database' }],
  [{ url: undefined }],
  [{ url: URL_OF_NOTHING, schema: 'a"b' }],
  [{ url: URL_OF_NOTHING, connections: 1 }],
  [{ url: URL_OF_NOTHING, busyTimeout: -1 }],
  [{ url: URL_OF_NOTHING, conections: 5 }],
])('openPostgresAccounts() rejects an invalid option: %j', async (options) => {
  await expectError(openPostgresAccounts(options as never), 'invalid-argument')
})

it('openPostgresAccounts() waits for a server that is away, until busyTimeout or its signal', async () => {
  await expectError(openPostgresAccounts({ url: URL_OF_NOTHING, busyTimeout: 50 }), 'unavailable')
  const signal = AbortSignal.timeout(50)
  await expectError(openPostgresAccounts({ url: URL_OF_NOTHING, busyTimeout: 60_000, signal }), 'aborted')
})

const server = await findPostgres()

describe.skipIf(server === null)('openPostgresAccounts()', () => {
  /** Runs a test with an empty database of its own. */
  const withDatabase = (test: (database: TestDatabase) => Promise<void>) => async () => {
    const database = await createDatabase(server ?? '')
    try {
      await test(database)
    } finally {
      await database.drop()
    }
  }

  it(
    'creates the tables once if several servers start at once, and finds what was stored before',
    withDatabase(async ({ url }) => {
      const onMigrate = vi.fn()
      await expectError(openPostgresAccounts({ url, migrate: false }), 'older-schema')
      const open = () => openPostgresAccounts({ url, busyTimeout: 30_000, onMigrate })
      const all = await Promise.all([open(), open(), open()])
      expect(onMigrate).toHaveBeenCalled()
      await all[0].create({ handle: 'ada', actor: 'setup' })
      await Promise.all(all.map((accounts) => accounts.close()))
      await using again = await openPostgresAccounts({ url, migrate: false })
      expect((await again.find('ada'))?.handle).toBe('ada')
      await using other = await openPostgresAccounts({ url, schema: 'other' })
      expect(await other.list()).toEqual([])
    }),
  )

  it(
    'rejects the tables of another program or of a newer version, and a database that loses commits',
    withDatabase(async ({ url }) => {
      await query(url, 'create schema gitmsg_accounts; create table gitmsg_accounts.passwords (id int)')
      await expectError(openPostgresAccounts({ url }), 'not-accounts')
      await query(url, 'drop schema gitmsg_accounts cascade')
      const onNewerSchema = vi.fn()
      await using accounts = await openPostgresAccounts({ url, onNewerSchema })
      await query(url, "insert into gitmsg_accounts.schema_version values ('9999_later', now())")
      await expectError(openPostgresAccounts({ url }), 'newer-schema')
      await vi.waitFor(() => expect(onNewerSchema).toHaveBeenCalledTimes(1))
      expect(await accounts.hasAdmin()).toBe(false)
      const name = new URL(url).pathname.slice(1)
      await query(url, `alter database ${name} set synchronous_commit = off`)
      await expectError(openPostgresAccounts({ url, schema: 'other' }), 'unsafe')
    }),
  )

  it(
    'stores no secret and no password, in any form that could be used',
    withDatabase(async ({ url }) => {
      await using accounts = await openPostgresAccounts({ url, passwordCost: CHEAP })
      const session = await createPerson(accounts, 'ada')
      const { secret } = await accounts.links.invite({ actor: 'setup' })
      const [row] = await query<{ all: string }>(
        url,
        "select schema_to_xml('gitmsg_accounts', true, false, '')::text as all",
      )
      expect(row?.all).toContain('$argon2id$')
      for (const text of [session.token, secret, PASSWORD]) expect(row?.all).not.toContain(text.slice(-20))
    }),
  )

  it(
    'a database that is away, or read-only, fails calls with "unavailable" or "unwritable", and none later',
    withDatabase(async ({ url }) => {
      await using proxy = await startCuttingProxy(url)
      await using accounts = await openPostgresAccounts({
        url: proxy.url,
        busyTimeout: 200,
        passwordCost: CHEAP,
      })
      const { token } = await createPerson(accounts, 'ada')
      proxy.disconnect()
      await expectError(accounts.create({ handle: 'bob', actor: 'setup' }), 'unavailable')
      await vi.waitFor(() => expectError(accounts.authenticate(token), 'unavailable'))
      proxy.reconnect()
      const name = new URL(url).pathname.slice(1)
      await query(url, `alter database ${name} set default_transaction_read_only = on`)
      await query(
        url,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`,
      )
      await expectError(accounts.create({ handle: 'bob', actor: 'setup' }), 'unwritable')
      expect((await accounts.authenticate(token))?.handle).toBe('ada')
      await query(url, `begin read write; alter database ${name} reset default_transaction_read_only; commit`)
      await vi.waitFor(() => accounts.create({ handle: 'bob', actor: 'setup' }))
    }),
  )

  it(
    'a write whose commit was lost is not repeated, and what it changed is not hidden by a cache',
    withDatabase(async ({ url }) => {
      await using accounts = await openPostgresAccounts({ url, passwordCost: CHEAP })
      const { token } = await createPerson(accounts, 'ada')
      expect(await accounts.authenticate(token)).not.toBeNull()
      // Ends the connection from within the commit, which a deferred trigger is a part of.
      await query(
        url,
        `create function die() returns trigger language plpgsql as
           'begin perform pg_terminate_backend(pg_backend_pid()); return null; end';
         create constraint trigger dying after insert on gitmsg_accounts.audit deferrable initially deferred
           for each row execute function die()`,
      )
      const failure = accounts.change('ada', { disabled: true, actor: 'setup' })
      await expect(failure).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('may have been stored'),
      })
      // As if it had succeeded.
      await query(
        url,
        `update gitmsg_accounts.accounts set disabled_at = '2025';
         update gitmsg_accounts.writes set revision = 'next'`,
      )
      expect(await accounts.authenticate(token)).toBeNull()
    }),
  )

  it(
    'text with NUL, which PostgreSQL cannot hold, names nothing',
    withDatabase(async ({ url }) => {
      await using accounts = await openPostgresAccounts({ url })
      await accounts.create({ handle: 'ada', actor: 'setup' })
      expect(await accounts.find('ada\0')).toBeNull()
      expect(await accounts.isLookAlike('ada\0')).toBe(false)
      expect(await accounts.list({ after: 'a\0' })).toHaveLength(1)
      expect(await accounts.list({ after: 'ada\0' })).toEqual([])
      expect(await accounts.tokens.list({ handle: 'ada\0' })).toEqual([])
      await expectError(accounts.change('ada\0', { role: 'admin', actor: 'setup' }), 'no-such-account')
    }),
  )
})
