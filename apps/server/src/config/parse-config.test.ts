import { resolve } from 'node:path'
import { memfs } from 'memfs'
import { describe, expect, it } from 'vitest'
import { parseConfig } from './parse-config.js'
import type { FileReader } from './read-secret-files.js'
import { ConfigError, type Environment } from './server-config.js'

const files = memfs({ '/run/secrets/token': 's3cret\n', '/run/secrets/empty': '\n' })
  .fs as unknown as FileReader
const parse = (environment: Environment) => parseConfig(environment, files)

function problemsOf(environment: Environment): string[] {
  try {
    parse(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1)
    throw error
  }
  return []
}

describe('the configuration', () => {
  it('needs nothing to be set', () => {
    expect(parse({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      dataDirectory: resolve('data'),
      backend: { kind: 'local', branch: 'main', remote: null, token: undefined },
      fetchIntervalMs: 30_000,
      logLevel: 'info',
    })
  })

  it('takes an empty variable for an absent one', () => {
    expect(parse({ PORT: '', GITMSG_REMOTE: '', LOG_LEVEL: '' })).toEqual(parse({}))
  })

  it('has a remote with its token', () => {
    const remote = 'https://git.example.org/messages.git'
    const { backend } = parse({ GITMSG_REMOTE: remote, GITMSG_REMOTE_TOKEN_FILE: '/run/secrets/token' })
    expect(backend).toMatchObject({ remote, token: 's3cret' })
  })

  it('pushes to GitHub with the local backend', () => {
    const { backend } = parse({ GITMSG_BACKEND: 'local', GITHUB_REPO: 'ada/messages', GITHUB_TOKEN: 't' })
    expect(backend).toMatchObject({ remote: 'https://github.com/ada/messages.git', token: 't' })
  })

  it("gives GitHub's token to no other remote", () => {
    const remote = 'https://git.example.org/messages.git'
    const github = { GITMSG_BACKEND: 'local', GITHUB_REPO: 'ada/messages', GITHUB_TOKEN: 't' }
    expect(parse({ ...github, GITMSG_REMOTE: remote }).backend).toMatchObject({ remote, token: undefined })
  })

  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost'])('listens on %s', (HOST) => {
    expect(parse({ HOST }).host).toBe(HOST)
  })
})

describe('a problem', () => {
  it.each<[Environment, RegExp]>([
    [{ PORT: 'abc' }, /^- PORT must be/],
    [{ PORT: '70000' }, /^- PORT must be/],
    [{ PORT: '-1' }, /^- PORT must be/],
    [{ HOST: '0.0.0.0' }, /^- HOST must be a loopback/],
    [{ HOST: '192.168.1.5' }, /^- HOST must be a loopback/],
    [{ HOST: '::' }, /^- HOST must be a loopback/],
    [{ HOST: '127.0.0.1.example.org' }, /^- HOST must be a loopback/],
    [{ GITMSG_BACKEND: 'svn' }, /^- GITMSG_BACKEND must be one of/],
    [
      { GITHUB_REPO: 'ada/messages', GITHUB_TOKEN: 't' },
      /^- GITMSG_BACKEND: the github backend is not there yet/,
    ],
    [{ GITHUB_REPO: 'https://github.com/ada/messages' }, /^- GITHUB_REPO must look/],
    [{ GITMSG_BRANCH: '--upload-pack=x' }, /^- GITMSG_BRANCH: /],
    [{ GITMSG_BRANCH: 'a..b' }, /^- GITMSG_BRANCH: /],
    [{ GITMSG_REMOTE: 'ext::sh -c evil' }, /^- GITMSG_REMOTE: /],
    [{ GITMSG_REMOTE: '--upload-pack=evil' }, /^- GITMSG_REMOTE: /],
    [{ GITMSG_REMOTE: 'https://user:hunter2@example.org/x.git' }, /^- GITMSG_REMOTE: (?!.*hunter2)/],
    [{ GITMSG_REMOTE: 'http://example.org/x.git', GITMSG_REMOTE_TOKEN: 't' }, /^- GITMSG_REMOTE: /],
    [{ GITMSG_REMOTE_TOKEN: 't' }, /^- GITMSG_REMOTE_TOKEN is of no use/],
    [{ GITMSG_FETCH_INTERVAL: '1.5' }, /^- GITMSG_FETCH_INTERVAL must be/],
    [{ LOG_LEVEL: 'loud' }, /^- LOG_LEVEL must be one of/],
    [{ GITHUB_TOKEN_FILE: '/absent' }, /^- GITHUB_TOKEN_FILE names a file that cannot be read/],
    [{ GITHUB_TOKEN_FILE: '/run/secrets/empty' }, /^- GITHUB_TOKEN_FILE names an empty file/],
    [{ GITHUB_TOKEN: 't', GITHUB_TOKEN_FILE: '/run/secrets/token' }, /^- GITHUB_TOKEN and GITHUB_TOKEN_FILE/],
  ])('%j is reported', (environment, problem) => {
    expect(problemsOf(environment)).toEqual([expect.stringMatching(problem)])
  })

  it('does not hide the others', () => {
    expect(
      problemsOf({ PORT: 'x', HOST: '0.0.0.0', LOG_LEVEL: 'y', GITHUB_TOKEN_FILE: '/absent' }),
    ).toHaveLength(4)
  })
})
