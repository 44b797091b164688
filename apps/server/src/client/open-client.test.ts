import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../config/server-config.js'
import { openTokensFile } from '../testing/open-tokens-file.js'
import { openTestServer } from '../testing/servers/open-test-server.js'
import { openClient } from './open-client.js'

const folder = mkdtempSync(join(tmpdir(), 'gitmsg-token-'))
afterAll(() => rmSync(folder, { recursive: true }))

function tokenFile(content: string): string {
  const path = join(folder, 'token')
  writeFileSync(path, content)
  return path
}

const problemOf = (...parameters: Parameters<typeof openClient>): string => {
  try {
    openClient(...parameters)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error('There is no problem')
}

describe('openClient()', () => {
  it.each([
    [{}, 'http://127.0.0.1:3000'],
    [{ PORT: '80', HOST: 'chat.example.org' }, 'http://chat.example.org:80'],
    [{ PORT: '4000', HOST: '0.0.0.0' }, 'http://127.0.0.1:4000'],
    [{ HOST: '::' }, 'http://[::1]:3000'],
    [{ HOST: 'fd00::1' }, 'http://[fd00::1]:3000'],
    [{ PORT: '0', HOST: 'no host', GITMSG_URL: 'https://example.org/chat' }, 'https://example.org/chat'],
    [{ PORT: 'often', GITMSG_REMOTE: 'ext::evil', GITMSG_URL: 'https://example.org' }, 'https://example.org'],
  ])('finds the server in the settings %o', (environment, url) => {
    expect(openClient({}, environment).url).toBe(url)
  })

  it('prefers the option to the settings', () => {
    const environment = { GITMSG_URL: 'nonsense', PORT: '0' }
    expect(openClient({ url: 'http://localhost:1234' }, environment).url).toBe('http://localhost:1234')
  })

  // Covers IN-73
  it.each([
    [{ url: 'ftp://example.org' }, {}, '--url must be an http or https URL without credentials'],
    [{ url: 'https://alice:hunter2@example.org' }, {}, '--url must be an http or https URL'],
    [{}, { GITMSG_URL: 'example.org' }, 'GITMSG_URL must be an http or https URL'],
    [{}, { PORT: '0' }, 'PORT is 0'],
    [{}, { PORT: '70000' }, 'PORT must be a whole number'],
    [{}, { HOST: 'a b' }, 'HOST must be a host name'],
    [{ tokenFile: join(folder, 'absent') }, {}, '--token-file: the file cannot be read'],
    [{ tokenFile: tokenFile('') }, {}, '--token-file: the file must hold one access token'],
  ])('rejects what names no server or token, without repeating it: %o %o', (flags, environment, problem) => {
    const message = problemOf(flags, environment)
    expect(message).toContain(problem)
    expect(message).not.toMatch(/hunter2|example\.org/)
  })

  it('rejects a file that is not one token, such as the tokens file of a server', async () => {
    await using file = await openTokensFile()
    file.add(['read'])
    expect(problemOf({ tokenFile: file.path }, {})).toContain('must hold one access token')
  })

  it('creates a client that sends the token in the file', async () => {
    await using file = await openTokensFile()
    await using server = await openTestServer({ tokens: file.tokens })
    const secret = file.add(['read'])
    const { client } = openClient({ url: server.url, tokenFile: tokenFile(`${secret}\n`) }, {})
    expect(await client.list()).toEqual([])
  })
})
