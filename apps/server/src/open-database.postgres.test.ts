import { query, startCuttingProxy } from '@gitmsg/test-postgres'
import { describe, expect, it, vi } from 'vitest'
import type { PostgresConfig } from './config/server-config.js'
import { createLogger } from './log/create-logger.js'
import { openDatabase } from './open-database.js'
import { openLog } from './testing/open-log.js'
import { openTestDatabase, POSTGRES } from './testing/open-postgres.js'

const silent = { logger: createLogger('silent') }

function configOf(url: string, { schema = 'gitmsg' } = {}) {
  const connections = { server: 2, synchronizer: 2, accounts: 2 }
  const postgres: PostgresConfig = { url, listenUrl: url, schema, connections, migrates: true }
  return { dataDirectory: '/nowhere', postgres }
}

describe.skipIf(POSTGRES === null)('openDatabase() on PostgreSQL', () => {
  it('creates the tables, unless the database must exist', async () => {
    const { url } = await openTestDatabase()
    await expect(openDatabase(configOf(url), { ...silent, mustExist: true })).rejects.toMatchObject({
      code: 'older-schema',
      message: 'the database has no tables yet: run gitmsg migrate, or check GITMSG_DATABASE_SCHEMA',
    })
    expect(await query(url, "select 1 from pg_namespace where nspname = 'gitmsg'")).toEqual([])
    await using created = await openDatabase(configOf(url), silent)
    await using found = await openDatabase(configOf(url), {
      ...silent,
      mustExist: true,
      share: 'synchronizer',
    })
    expect(await found.position()).toEqual(await created.position())
  })

  it('rejects a database that loses committed data in a crash, and names the setting', async () => {
    const { url } = await openTestDatabase()
    const name = new URL(url).pathname.slice(1)
    await query(url, `alter database ${name} set synchronous_commit = off`)
    await expect(openDatabase(configOf(url), silent)).rejects.toThrow(/synchronous_commit is off/)
  })

  it('rejects at once what waiting does not change, without the password', async () => {
    const { url } = await openTestDatabase()
    const wrong = new URL(url)
    wrong.pathname = '/absent'
    const error = await openDatabase(configOf(wrong.href), silent).catch((thrown) => thrown)
    expect(error.message).toBe(
      'the database does not exist (3D000): check GITMSG_DATABASE_URL, and that PostgreSQL runs',
    )
    expect(JSON.stringify(error)).not.toContain(wrong.password)
  })

  it('waits for a server that is away, and logs why', async () => {
    const { url } = await openTestDatabase()
    await using proxy = await startCuttingProxy(url)
    proxy.disconnect()
    const log = openLog()
    const opening = openDatabase(configOf(proxy.url), { ...log, patienceMs: 60_000 })
    const lines: object[] = []
    await vi.waitFor(() => {
      lines.push(...log.lines())
      expect(lines).not.toEqual([])
    })
    proxy.reconnect()
    await using store = await opening
    expect(await store.isWritable()).toBe(true)
    expect(lines[0]).toMatchObject({
      msg: 'waiting for the database',
      reason: expect.stringMatching(/^the database cannot be reached.*: check GITMSG_DATABASE_URL/),
    })
  })

  it('stops waiting when its signal aborts', async () => {
    const url = 'postgres://gitmsg:hunter2@127.0.0.1:1/nothing'
    const options = { ...silent, patienceMs: 60_000, signal: AbortSignal.timeout(100) }
    await expect(openDatabase(configOf(url), options)).rejects.toThrow(/abort/)
  })
})
