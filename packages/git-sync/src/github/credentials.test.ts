import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { describe, expect, it, vi } from 'vitest'
import { append } from '../git-backend.js'
import { draft, file } from '../testing/drafts.js'
import type { FakeAnswer } from '../testing/index.js'
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
const failure = (promise: Promise<unknown>) => promise.then(() => 'no error').catch((error) => error)

describe('the token, and what is written', () => {
  it('are in no error and no line of the log', async () => {
    await using fixture = await openGithubFixture({ token: SECRET })
    const errors: unknown[] = []
    let step = 0
    fixture.github.settings.fault = () =>
      (['before-502', 'after-lost', 'cut', 'secondary', 'too-large', undefined] as const)[step++ % 6]
    for (let round = 0; round < 24; round += 1) {
      errors.push(await failure(append(fixture.open(), { ...request })))
      errors.push(await failure(append(fixture.open({ token: `${SECRET}x` }), request)))
    }
    const seen =
      errors.map((error) => inspect(error, { depth: 10, showHidden: true })).join() + fixture.logged.join()
    expect(errors.filter((error) => error instanceof Error).length).toBeGreaterThan(10)
    expect(seen).not.toContain(SECRET)
    expect(seen).not.toMatch(/secret (subject|content)/)
    expect(fixture.github.requests.every(({ path }) => !path.includes(SECRET))).toBe(true)
  })
})

/** An answer of a server, or a proxy, that repeats what it was sent. */
const echoing = (status: number, said: string): FakeAnswer => ({
  status,
  body: { message: `no: ${said}`, errors: [{ message: said }, said] },
  headers: { 'x-accepted-github-permissions': said },
})

describe('an answer that repeats the credential', () => {
  // Covers IN-37, IN-71
  it.each(
    [401, 403, 404, 409, 413, 422, 429, 451, 500, 502].flatMap(
      (status) =>
        [
          [status, `token ${SECRET}`],
          [status, `Basic ${btoa(`x-access-token:${SECRET}`)}`],
        ] as const,
    ),
  )('with status %i is quoted without it', async (status, authorization) => {
    await using fixture = await openGithubFixture({ token: SECRET })
    const backend = fixture.open()
    fixture.github.settings.intercept = () =>
      echoing(status, `${'x'.repeat(440)} authorization: ${authorization}`)
    const error = await failure(append(backend, request))
    expect(error).toMatchObject({ name: 'GitSyncError', message: expect.stringContaining('xxx') })
    const seen = inspect(error, { depth: 10, showHidden: true }) + fixture.logged.join()
    for (const part of [SECRET, 'verysecret', btoa(SECRET).slice(0, 8)]) expect(seen).not.toContain(part)
  })

  it("of a strategy or an Octokit of the caller's, which we never see, is quoted without it", async () => {
    await using fixture = await openGithubFixture()
    const token = '0123456789abcdef0123456789abcdef01234567'
    fixture.github.settings.intercept = () => echoing(401, `bearer ${token}, ${SECRET}`)
    const octokit = new Octokit({ baseUrl: fixture.github.url, auth: token, log: QUIET })
    const error = await failure(fixture.open({ octokit, token: undefined }).head())
    expect(error).toMatchObject({ code: 'unauthorized', message: expect.not.stringMatching(/0123|ghp_/) })
  })
})

describe('what Octokit would print', () => {
  // Covers IN-71
  it.each(['a token', 'an App', "an Octokit of the caller's"])(
    'with %s is in our log, without secrets',
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
      await failure(fixture.open(given ?? { token: undefined, octokit }).head())
      expect(printed.mock.calls).toEqual([])
      printed.mockRestore()
      const warnings = fixture.logged.filter((line) => line.includes('is deprecated'))
      expect(warnings.length).toBeGreaterThan(0)
      expect(warnings.join()).not.toMatch(/verysecret|\p{Cc}/u)
    },
  )
})

describe('a GitHub App', () => {
  it('writes with the tokens that its strategy gets', async () => {
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

describe("an Octokit of the caller's", () => {
  it('is used as it is, and says where GitHub is', async () => {
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
