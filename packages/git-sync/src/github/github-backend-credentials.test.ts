import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { describe, expect, it, vi } from 'vitest'
import { append } from '../git-backend.js'
import { draft, file } from '../testing/drafts.js'
import type { FakeResponse } from '../testing/index.js'
import { createGithubBackend } from './github-backend.js'
import { openGithubFixture } from './testing/github-fixture.js'

const SECRET = 'ghp_verysecretverysecret'
const QUIET = { debug() {}, info() {}, warn() {}, error() {} }
const request = { parent: null, commits: [draft('secret subject', file('a', 'secret content'))] }
const app = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  return { authStrategy: createAppAuth, auth: { appId: 1, privateKey: pem, installationId: 2 } }
}
const outcomeOf = (promise: Promise<unknown>) => promise.catch((error) => error)

describe('the token and the written content', () => {
  it('appear in no error, no log line and no URL', async () => {
    await using fixture = await openGithubFixture({ token: SECRET })
    const errors: unknown[] = []
    let step = 0
    fixture.github.settings.fault = () =>
      (['before-502', 'after-lost', 'cut', 'secondary', 'too-large', undefined] as const)[step++ % 6]
    for (let round = 0; round < 24; round += 1) {
      errors.push(await outcomeOf(append(fixture.open(), { ...request })))
      errors.push(await outcomeOf(append(fixture.open({ token: `${SECRET}x` }), request)))
    }
    const seen =
      errors.map((error) => inspect(error, { depth: 10, showHidden: true })).join() + fixture.logged.join()
    expect(errors.filter((error) => error instanceof Error).length).toBeGreaterThan(10)
    expect(seen).not.toContain(SECRET)
    expect(seen).not.toMatch(/secret (subject|content)/)
    expect(fixture.github.requests.every(({ path }) => !path.includes(SECRET))).toBe(true)
  })
})

/** A response of a server or proxy that repeats what it was sent. */
const echoing = (status: number, text: string): FakeResponse => ({
  status,
  body: { message: `no: ${text}`, errors: [{ message: text }, text] },
  headers: { 'x-accepted-github-permissions': text },
})

describe('a response that repeats the credential', () => {
  // Covers IN-37, IN-71
  it.each(
    [401, 403, 404, 409, 413, 422, 429, 451, 500, 502].flatMap(
      (status) =>
        [
          [status, `token ${SECRET}`],
          [status, `Basic ${btoa(`x-access-token:${SECRET}`)}`],
        ] as const,
    ),
  )('is quoted without it: status %i, %s', async (status, authorization) => {
    await using fixture = await openGithubFixture({ token: SECRET })
    const backend = fixture.open()
    fixture.github.settings.intercept = () =>
      echoing(status, `${'x'.repeat(440)} authorization: ${authorization}`)
    const error = await outcomeOf(append(backend, request))
    expect(error).toMatchObject({ name: 'GitSyncError', message: expect.stringContaining('xxx') })
    const seen = inspect(error, { depth: 10, showHidden: true }) + fixture.logged.join()
    for (const part of [SECRET, 'verysecret', btoa(SECRET).slice(0, 8)]) expect(seen).not.toContain(part)
  })

  it("is quoted without it, also if only a strategy or the caller's Octokit knows it", async () => {
    await using fixture = await openGithubFixture()
    const token = '0123456789abcdef0123456789abcdef01234567'
    fixture.github.settings.intercept = () => echoing(401, `bearer ${token}, ${SECRET}`)
    const octokit = new Octokit({ baseUrl: fixture.github.url, auth: token, log: QUIET })
    const error = await outcomeOf(fixture.open({ octokit, token: undefined }).head())
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.not.stringMatching(/0123|ghp_/) })
  })
})

describe('what Octokit would print on the console', () => {
  // Covers IN-71
  it.each(['a token', 'an App', "the caller's Octokit"])(
    'is in the log of the backend, without secrets: %s',
    async (kind) => {
      await using fixture = await openGithubFixture({ token: SECRET })
      const { github } = fixture
      github.settings.intercept = ({ route }) => ({
        status: route.startsWith('/app/') ? 201 : 500,
        body: {
          token: SECRET,
          expires_at: '2100-01-01T00:00:00Z',
          permissions: {},
          repository_selection: 'all',
        },
        headers: {
          deprecation: 'Sat, 01 Jan 2000 00:00:00 GMT',
          link: `<http://evil.invalid/${SECRET}\u009b31m>; rel="deprecation"`,
        },
      })
      const printed = vi.spyOn(console, 'warn').mockImplementation(() => {})
      const octokit = new Octokit({ baseUrl: github.url, auth: SECRET, log: QUIET })
      const given = { 'a token': {}, 'an App': { token: undefined, ...app() } }[kind]
      await outcomeOf(fixture.open(given ?? { token: undefined, octokit }).head())
      expect(printed.mock.calls).toEqual([])
      printed.mockRestore()
      const warnings = fixture.logged.filter((line) => line.includes('is deprecated'))
      expect(warnings.length).toBeGreaterThan(0)
      expect(warnings.join()).not.toMatch(/verysecret|\p{Cc}/u)
    },
  )
})

describe('a GitHub App', () => {
  it('writes with the tokens of its strategy', async () => {
    await using fixture = await openGithubFixture()
    const backend = createGithubBackend({
      repository: fixture.github.repository,
      baseUrl: fixture.github.url,
      ...app(),
    })
    const [hash] = await append(backend, request)
    expect(await backend.head()).toBe(hash)
    expect(fixture.github.requests.filter(({ route }) => route.startsWith('/app/'))).toHaveLength(1)
    await backend.close()
  })
})

describe("the caller's Octokit", () => {
  it('is used as it is, and determines the remote', async () => {
    await using fixture = await openGithubFixture()
    const { url, repository, settings } = fixture.github
    const octokit = new Octokit({
      baseUrl: url,
      auth: settings.token,
      log: QUIET,
    })
    const backend = createGithubBackend({ repository, octokit })
    const [hash] = await append(backend, request)
    expect(await backend.head()).toBe(hash)
    expect(backend.info.remote).toBe(`${url}/${repository}`)
    await backend.close()
  })
})
