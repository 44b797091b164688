import { generateKeyPairSync } from 'node:crypto'
import { inspect } from 'node:util'
import { createAppAuth } from '@octokit/auth-app'
import { Octokit } from '@octokit/rest'
import { describe, expect, it } from 'vitest'
import { draft, file } from '../testing/drafts.js'
import { createGithubBackend } from './github-backend.js'
import { openGithubFixture } from './testing/github-fixture.js'

const SECRET = 'ghp_verysecretverysecret'
const request = { parent: null, commits: [draft('secret subject', file('a', 'secret content'))] }
const failure = (promise: Promise<unknown>) => promise.then(() => 'no error').catch((error) => error)

describe('the token, and what is written', () => {
  it('are in no error and no line of the log', async () => {
    await using fixture = await openGithubFixture({ token: SECRET })
    const errors: unknown[] = []
    let step = 0
    fixture.github.settings.fault = () =>
      (['before-502', 'after-lost', 'cut', 'secondary', 'too-large', undefined] as const)[step++ % 6]
    for (let round = 0; round < 24; round += 1) {
      errors.push(await failure(fixture.open().append({ ...request })))
      errors.push(await failure(fixture.open({ token: `${SECRET}x` }).append(request)))
    }
    const seen =
      errors.map((error) => inspect(error, { depth: 10, showHidden: true })).join() + fixture.logged.join()
    expect(errors.filter((error) => error instanceof Error).length).toBeGreaterThan(10)
    expect(seen).not.toContain(SECRET)
    expect(seen).not.toMatch(/secret (subject|content)/)
    expect(fixture.github.requests.every(({ path }) => !path.includes(SECRET))).toBe(true)
  })
})

describe('a GitHub App', () => {
  it('writes with the tokens that its strategy gets', async () => {
    await using fixture = await openGithubFixture()
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const backend = createGithubBackend({
      repository: fixture.github.repository,
      baseUrl: fixture.github.url,
      authStrategy: createAppAuth,
      auth: {
        appId: 1,
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
        installationId: 2,
      },
    })
    const [hash] = await backend.append(request)
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
      log: { debug() {}, info() {}, warn() {}, error() {} },
    })
    const backend = createGithubBackend({ repository, octokit })
    const [hash] = await backend.append(request)
    expect(await backend.head()).toBe(hash)
    expect(backend.remote).toBe(`${url}/${repository}`)
    await backend.close()
  })
})
