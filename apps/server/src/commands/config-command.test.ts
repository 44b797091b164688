import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { SETTINGS } from '../config/settings/settings.js'
import { run } from '../testing/run-gitmsg.js'
import { describeSetting } from './config-command.js'

const folder = mkdtempSync(join(tmpdir(), 'gitmsg-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a file that only its owner can read, and returns its path. */
function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, 0o600)
  return path
}

const configFile = (settings: object) => write('gitmsg.json', JSON.stringify(settings, null, 2))

/** What `gitmsg config --json` prints, by setting. */
async function inForce(environment: Record<string, string>) {
  const lines = (await run(['config', '--json'], environment)).trim().split('\n')
  return new Map(lines.map((line) => JSON.parse(line)).map(({ name, ...rest }) => [name, rest]))
}

/** Valid together, but for those of which there can be only one: the secrets of two backends. */
const REMOTE = {
  GITMSG_REMOTE: 'https://git.example.org/messages.git',
  GITMSG_REMOTE_TOKEN: 'hunter2-remote',
  GITMSG_DATABASE_URL: 'postgres://gitmsg:hunter2-a@db.example.org/a',
  GITMSG_DATABASE_LISTEN_URL: 'postgres://gitmsg:hunter2-b@db.example.org/a',
}
const GITHUB = {
  GITHUB_REPO: 'ada/messages',
  GITHUB_TOKEN: 'hunter2-github',
  GITMSG_ACCOUNTS: 'on',
  GITMSG_OIDC_ISSUER: 'https://id.example.org',
  GITMSG_OIDC_CLIENT_ID: 'gitmsg',
  GITMSG_OIDC_CLIENT_SECRET: 'hunter2-oidc',
}
const SECRETS = [...SETTINGS].flatMap(([name, { kind }]) => (kind === 'secret' ? [name] : []))

/** The same with each secret in a file. */
function withSecretFiles(settings: Record<string, string>): Record<string, string> {
  const entries = Object.entries(settings).map(([name, value]) =>
    SETTINGS.get(name as never)?.kind === 'secret'
      ? [`${name}_FILE`, write(name.toLowerCase(), value)]
      : [name, value],
  )
  return Object.fromEntries(entries)
}

describe('gitmsg config', () => {
  it('prints every setting with its value and its source', async () => {
    const GITMSG_CONFIG = configFile({ PORT: 4000, GITMSG_DENY: ['::1', '192.0.2.1'], LOG_LEVEL: 'warn' })
    const settings = await inForce({ GITMSG_CONFIG, LOG_LEVEL: 'debug', GITMSG_BRANCH: '' })
    expect([...settings.keys()]).toEqual([...SETTINGS.keys()])
    expect(settings.get('PORT')).toEqual({ value: 4000, source: 'file', line: 2 })
    expect(settings.get('GITMSG_DENY')).toEqual({ value: ['::1', '192.0.2.1'], source: 'file', line: 3 })
    expect(settings.get('LOG_LEVEL')).toEqual({ value: 'debug', source: 'environment' })
    expect(settings.get('GITMSG_BRANCH')).toEqual({ value: 'main', source: 'default' })
    expect(settings.get('GITMSG_REMOTE')).toEqual({ value: null, source: 'default' })
  })

  it('prints what is in force where a default depends on other settings', async () => {
    const alone = await inForce({})
    expect(alone.get('GITMSG_RATE_LIMIT')).toEqual({ value: 'off', source: 'default' })
    expect(alone.get('GITMSG_BACKEND')).toEqual({ value: 'local', source: 'default' })
    const github = await inForce(GITHUB)
    expect(github.get('GITMSG_RATE_LIMIT')).toEqual({ value: '60/1s', source: 'default' })
    expect(github.get('GITMSG_BACKEND')).toEqual({ value: 'github', source: 'default' })
    const pushed = await inForce({ ...GITHUB, GITMSG_BACKEND: 'local' })
    expect(pushed.get('GITMSG_REMOTE')).toMatchObject({ value: 'https://github.com/ada/messages.git' })
  })

  // Covers IN-99
  it.each([
    ['the environment', (settings: Record<string, string>) => settings],
    ['files', withSecretFiles],
    ['the settings file', (settings: object) => ({ GITMSG_CONFIG: configFile(settings) })],
  ])('prints no secret that is in %s, only that it is set', async (_, place) => {
    const shown: string[] = []
    for (const settings of [REMOTE, GITHUB]) {
      const environment = place(settings)
      const printed = await Promise.all([
        run(['config'], environment),
        run(['config', '--json'], environment),
      ])
      expect(printed.join()).not.toContain('hunter2')
      for (const [name, { value }] of await inForce(environment)) if (value === '(set)') shown.push(name)
    }
    expect(shown.toSorted()).toEqual(SECRETS.toSorted())
  })

  it('reports settings that are not valid instead', async () => {
    const GITMSG_CONFIG = configFile({ PORT: 'hunter2' })
    await expect(run(['config'], { GITMSG_CONFIG, LOG_LEVEL: 'loud' })).rejects.toThrow(
      `invalid configuration:\n- ${GITMSG_CONFIG}:2: PORT must be a whole number\n- LOG_LEVEL must be one of`,
    )
  })
})

it('describeSetting() formats a setting in columns, without control characters', () => {
  const plain = (_style: string, text: string) => text
  const columns = (name: string, value: string, place: string) =>
    `${name.padEnd(32)} ${value.padEnd(30)} ${place}\n`
  expect(describeSetting({ name: 'PORT', value: 4000, source: 'file', line: 2 }, plain)).toBe(
    columns('PORT', '4000', 'file, line 2'),
  )
  expect(describeSetting({ name: 'GITMSG_DENY', value: ['a', 'b'], source: 'environment' }, plain)).toBe(
    columns('GITMSG_DENY', 'a,b', 'environment'),
  )
  expect(describeSetting({ name: 'HOST', value: null, source: 'default' }, plain)).toBe(
    columns('HOST', '-', 'default'),
  )
  expect(describeSetting({ name: 'HOST', value: '\u001b[2J', source: 'environment' }, plain)).toBe(
    columns('HOST', '\\u001b[2J', 'environment'),
  )
})
