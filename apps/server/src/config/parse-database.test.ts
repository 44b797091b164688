import * as files from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseConfig } from './parse-config.js'
import { parseDatabase } from './parse-database.js'
import { readSettings } from './read-settings.js'
import type { BackendConfig, Environment } from './server-config.js'
import { createSettingsReader } from './settings-reader.js'

const GITMSG_DATABASE_URL = 'postgres://gitmsg:p%23ssword@db.example.org:5432/gitmsg?sslmode=verify-full'
const REMOTE = { kind: 'local', remote: '/srv/messages.git' } as BackendConfig
const LOCAL = { kind: 'local', remote: null } as BackendConfig

/** Parses with a remote and without accounts, unless the surroundings say otherwise. */
function parse(environment: Environment, { backend = REMOTE, hasAccounts = false } = {}) {
  const reader = createSettingsReader(readSettings(environment, files))
  const postgres = parseDatabase(reader, { backend, hasAccounts })
  return { postgres, problems: reader.problems }
}

describe('parseDatabase()', () => {
  it('returns null without a URL: the database is SQLite', () => {
    expect(parse({}, { backend: LOCAL })).toEqual({ postgres: null, problems: [] })
  })

  it('divides the connections among the two threads of a server, and accounts', () => {
    expect(parse({ GITMSG_DATABASE_URL })).toEqual({
      postgres: {
        url: GITMSG_DATABASE_URL,
        listenUrl: GITMSG_DATABASE_URL,
        schema: 'gitmsg',
        connections: { server: 7, synchronizer: 3, accounts: 2 },
        migrates: true,
      },
      problems: [],
    })
    const given = {
      GITMSG_DATABASE_SCHEMA: 'chat_2',
      GITMSG_DATABASE_POOL_SIZE: '4',
      GITMSG_DATABASE_MIGRATE: 'off',
    }
    expect(parse({ GITMSG_DATABASE_URL, ...given }).postgres).toMatchObject({
      schema: 'chat_2',
      connections: { server: 1, synchronizer: 3 },
      migrates: false,
    })
    const withAccounts = parse({ GITMSG_DATABASE_URL }, { hasAccounts: true })
    expect(withAccounts.postgres?.connections).toEqual({ server: 5, synchronizer: 3, accounts: 2 })
    const few = parse({ GITMSG_DATABASE_URL, GITMSG_DATABASE_POOL_SIZE: '5' }, { hasAccounts: true })
    expect(few.problems).toEqual([
      expect.stringMatching(/^GITMSG_DATABASE_POOL_SIZE must be at least 6 with/),
    ])
  })

  it('listens at another URL, or not at all', () => {
    const GITMSG_DATABASE_LISTEN_URL = 'postgres://gitmsg@primary/gitmsg'
    expect(parse({ GITMSG_DATABASE_URL, GITMSG_DATABASE_LISTEN_URL }).postgres).toMatchObject({
      url: GITMSG_DATABASE_URL,
      listenUrl: GITMSG_DATABASE_LISTEN_URL,
    })
    const off = parse({ GITMSG_DATABASE_URL, GITMSG_DATABASE_LISTEN_URL: 'off' })
    expect(off).toMatchObject({ postgres: { listenUrl: null }, problems: [] })
    const wrong = parse({ GITMSG_DATABASE_URL, GITMSG_DATABASE_LISTEN_URL: 'https://db/gitmsg' })
    expect(wrong.problems).toEqual([
      expect.stringMatching(/^GITMSG_DATABASE_LISTEN_URL: the URL must be like/),
    ])
  })

  it.each([
    'postgresql://db/gitmsg',
    'postgres://gitmsg@[::1]/gitmsg',
    'postgres:///gitmsg?host=/run/postgresql',
    'postgres://db/gitmsg?sslmode=no-verify',
  ])('accepts %s', (url) => {
    expect(parse({ GITMSG_DATABASE_URL: url }).problems).toEqual([])
  })

  // Covers IN-73
  it.each<[string, RegExp]>([
    ['', /^GITMSG_DATABASE_URL is empty/],
    ['hunter2', /: the URL must be like postgres:/],
    ['mysql://u:hunter2@db/gitmsg', /: the URL must be like postgres:/],
    ['postgres://u:hunter2@db:99999/gitmsg', /: the URL must be like postgres:/],
    ['postgres://u:hunter#2@db/gitmsg', /: the URL must be like postgres:/],
    ['postgres://u:hunter2@db/gitmsg#hunter2', /: special characters in it must be percent-encoded/],
    ['postgres://u:hunter2%zz@db/gitmsg', /: special characters in it must be percent-encoded/],
    ['postgres://u:hunter2@db', /: the URL must name one database/],
    ['postgres://u:hunter2@db/', /: the URL must name one database/],
    ['postgres://u:hunter2@db/a/b', /: the URL must name one database/],
    ['postgres:///gitmsg', /: the URL must name a host/],
    ['postgres://u:hunter2@db/gitmsg?sslmode=on', /: sslmode must be one of disable,/],
  ])('reports a URL that is not valid, without any part of it: %s', (url, problem) => {
    const { problems } = parse({ GITMSG_DATABASE_URL: url })
    expect(problems).toEqual([expect.stringMatching(problem)])
    expect(problems.join()).not.toContain('hunter')
  })

  it.each<[Environment, RegExp]>([
    [{ GITMSG_DATABASE_SCHEMA: 'chat' }, /^GITMSG_DATABASE_SCHEMA needs GITMSG_DATABASE_URL/],
    [{ GITMSG_DATABASE_POOL_SIZE: '10' }, /^GITMSG_DATABASE_POOL_SIZE needs GITMSG_DATABASE_URL/],
    [{ GITMSG_DATABASE_MIGRATE: 'off' }, /^GITMSG_DATABASE_MIGRATE needs GITMSG_DATABASE_URL/],
    [
      { GITMSG_DATABASE_URL, GITMSG_DATABASE_MIGRATE: 'no' },
      /^GITMSG_DATABASE_MIGRATE must be one of on, off/,
    ],
    [{ GITMSG_DATABASE_URL, GITMSG_DATABASE_SCHEMA: 'Chat' }, /^GITMSG_DATABASE_SCHEMA must be a name/],
    [
      { GITMSG_DATABASE_URL, GITMSG_DATABASE_SCHEMA: 'c'.repeat(55) },
      /^GITMSG_DATABASE_SCHEMA must be .* at most 54/,
    ],
    [{ GITMSG_DATABASE_URL, GITMSG_DATABASE_POOL_SIZE: '3' }, /^GITMSG_DATABASE_POOL_SIZE must be .* from 4/],
  ])('reports: %j', (environment, problem) => {
    expect(parse(environment).problems).toEqual([expect.stringMatching(problem)])
  })

  it('reports what other servers on the database would not have', () => {
    const local = parse({ GITMSG_DATABASE_URL }, { backend: LOCAL }).problems
    expect(local).toEqual([expect.stringMatching(/^GITMSG_DATABASE_URL needs GITMSG_REMOTE or GitHub/)])
  })
})

it('parseConfig() keeps the URL of the database and its password out of the log', () => {
  const files = {
    readFileSync: () => `${GITMSG_DATABASE_URL}\n`,
    existsSync: (path: string) => path === '/',
    accessSync() {},
    statSync: () => ({ mode: 0o040755, uid: 0 }),
    realpathSync: (path: string) => path,
  }
  const environment = { GITMSG_DATABASE_URL_FILE: '/run/secrets/url', GITMSG_REMOTE: '/srv/messages.git' }
  const { postgres, secrets } = parseConfig(environment, files)
  expect(postgres?.url).toBe(GITMSG_DATABASE_URL)
  expect(secrets).toEqual([GITMSG_DATABASE_URL, 'p%23ssword', 'p#ssword'])
})
