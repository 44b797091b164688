import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, subjectsSince } from '../../testing/drafts.js'
import {
  createPrivateAuthority,
  type PrivateAuthority,
  startConnectProxy,
  startHttpsFront,
} from '../../testing/private-https.js'
import { failureOf, openGithubFixture } from '../testing/github-fixture.js'
import { createTransport } from './transport.js'

const folder = mkdtempSync(join(tmpdir(), 'git sync transport '))
let authority: PrivateAuthority
beforeAll(async () => {
  authority = await createPrivateAuthority(folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a GitHub with a certificate of a private authority', () => {
  it('is reached with a CA file, and only with it', async () => {
    await using fixture = await openGithubFixture()
    await using front = await startHttpsFront(fixture.github.url, authority)
    const baseUrl = `https://localhost:${front.port}`
    const error = await failureOf(fixture.open({ baseUrl }).head())
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/CERT|VERIFY/) })
    expect(front.requests).toEqual([])

    const backend = fixture.open({ baseUrl, caFile: authority.caFile })
    await append(backend, { parent: null, commits: [draft('one')] })
    expect(await subjectsSince(backend)).toContain('one')
    expect(front.requests.length).toBeGreaterThan(3)
  })

  it('is misconfigured while the CA file is missing, and reached once it is there', async () => {
    await using fixture = await openGithubFixture()
    await using front = await startHttpsFront(fixture.github.url, authority)
    const caFile = join(folder, 'later.pem')
    const backend = fixture.open({ baseUrl: `https://localhost:${front.port}`, caFile })
    const error = await failureOf(backend.head())
    expect(error).toMatchObject({ code: 'misconfigured', message: 'the CA file cannot be read' })
    await writeFile(caFile, await readFile(authority.caFile))
    expect(await backend.head()).toBeNull()
  })
})

describe('a GitHub behind a proxy', () => {
  it('is reached through HTTPS_PROXY, by its name, with the credential of the proxy', async () => {
    await using fixture = await openGithubFixture()
    await using front = await startHttpsFront(fixture.github.url, authority)
    await using proxy = await startConnectProxy('ada:s3cret')
    const baseUrl = `https://git.example.test:${front.port}`
    const through = (credential: string) =>
      fixture.open({
        baseUrl,
        caFile: authority.caFile,
        environment: { HTTPS_PROXY: `http://${credential}127.0.0.1:${proxy.port}` },
      })
    const backend = through('ada:s3cret@')
    await append(backend, { parent: null, commits: [draft('one')] })
    expect(await subjectsSince(backend)).toContain('one')
    expect(proxy.requests).toContain(`git.example.test:${front.port}`)

    const error = await failureOf(through('ada:wrong-secret@').head())
    expect(error).toMatchObject({ code: 'unavailable' })
    expect(error.message + fixture.logged.join()).not.toMatch(/s3cret|wrong-secret/)
  })

  it('is reached directly if NO_PROXY names it', async () => {
    await using fixture = await openGithubFixture()
    await using front = await startHttpsFront(fixture.github.url, authority)
    await using proxy = await startConnectProxy()
    const environment = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: 'example.org,localhost' }
    const baseUrl = `https://localhost:${front.port}`
    expect(await fixture.open({ baseUrl, caFile: authority.caFile, environment }).head()).toBeNull()
    expect(proxy.requests).toEqual([])
    expect(front.requests).not.toEqual([])
  })

  it('is unavailable while the proxy is away, and not asked directly', async () => {
    await using fixture = await openGithubFixture()
    await using front = await startHttpsFront(fixture.github.url, authority)
    const environment = { https_proxy: 'http://127.0.0.1:9' }
    const baseUrl = `https://localhost:${front.port}`
    const error = await failureOf(fixture.open({ baseUrl, caFile: authority.caFile, environment }).head())
    expect(error).toMatchObject({ code: 'unavailable' })
    expect(front.requests).toEqual([])
  })
})

it('createTransport() is not needed without a proxy and a CA file', () => {
  const url = 'https://api.github.com'
  expect(createTransport({ url, environment: { PATH: '/bin' }, caFile: undefined })).toBeNull()
})
