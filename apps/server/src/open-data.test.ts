import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DATABASE_FILE } from './config/data-directory.js'
import type { ServerConfig } from './config/server-config.js'
import { createLogger } from './log/create-logger.js'
import { openData, openEngine, openExistingData } from './open-data.js'
import { openDatabase } from './open-database.js'
import { openLog } from './testing/open-log.js'

let folder = ''
let config: ServerConfig
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gitmsg-data-'))
  const backend = {
    kind: 'local',
    branch: 'main',
    remote: null,
    token: undefined,
    pushPatienceMs: 300_000,
    maxFetchBytes: 4 * 1024 ** 3,
    user: undefined,
    caFile: undefined,
    sshKeyFile: undefined,
    sshKnownHostsFile: undefined,
  } as const
  config = {
    dataDirectory: join(folder, 'data'),
    postgres: null,
    backend,
    fetchIntervalMs: 0,
  } as ServerConfig
})
afterEach(() => rm(folder, { recursive: true }))

it('openExistingData() rejects if there is no database, and creates nothing', async () => {
  await expect(openExistingData(config, process.env)).rejects.toThrow(/^no database at .*gitmsg\.db/)
  expect(await readdir(folder)).toEqual([])
})

it('openExistingData() opens what openData() created', async () => {
  const created = await openData(config, process.env, { logger: createLogger('silent') })
  await created.close()
  const { store, close } = await openExistingData(config, process.env)
  expect(await store.summary()).toMatchObject({ pending: 0 })
  await close()
})

it('openEngine() opens an engine that writes messages to the repository', async () => {
  const { engine, close } = await openEngine(config, process.env, { logger: createLogger('silent') })
  const { id } = await engine.post({ content: 'hello', sender: 'alice' })
  expect(await engine.sync()).toMatchObject({ pending: 0, backend: 'local' })
  expect(await engine.find(id)).toMatchObject({ is_synchronized: true })
  await close()
})

it('openDatabase() logs a migration before it begins, and how long it took', async () => {
  await (await openDatabase(config, { logger: createLogger('silent') })).close()
  const ofStore = createRequire(createRequire(import.meta.url).resolve('@gitmsg/store/package.json'))
  const BetterSqlite3 = ofStore('better-sqlite3')
  const handle = new BetterSqlite3(join(config.dataDirectory, DATABASE_FILE))
  handle.pragma('foreign_keys = off')
  const tables = handle
    .prepare("select name from sqlite_schema where type = 'table'")
    .pluck()
    .all() as string[]
  for (const table of tables.filter((name) => !/^(?:sqlite|schema)_/.test(name))) {
    handle.exec(`drop table if exists "${table}"`) // a virtual table takes its own along
  }
  handle.exec('delete from schema_version')
  handle.close()
  const log = openLog()
  await (await openDatabase(config, log)).close()
  await (await openDatabase(config, log)).close()
  expect(log.lines()).toMatchObject([
    { msg: 'migrating the database' },
    { msg: 'database migrated', milliseconds: expect.any(Number) },
  ])
})
