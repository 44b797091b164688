import { describe, expect, it } from 'vitest'
import { createFakeGithub, describeBackendContract, type OpenBackendFixture } from '../testing/index.js'
import { createGithubBackend } from './github-backend.js'
import { failureOf, openGithubFixture } from './testing/github-fixture.js'

/** An empty repository with another default branch, so that nothing lies below the first commit. */
const open: OpenBackendFixture = async () => {
  const fixture = await openGithubFixture({ defaultBranch: 'trunk' })
  return {
    backend: fixture.open(),
    other: async () => fixture.open(),
    dispose: () => fixture[Symbol.asyncDispose](),
  }
}

describeBackendContract('github', open)

describe('createGithubBackend', () => {
  it('checks its options at once, and sends nothing before the first operation', async () => {
    const repository = 'owner/name'
    expect(() => createGithubBackend({ repository, branch: 'a..b' })).toThrow(/branch name/)
    expect(() => createGithubBackend({ repository, token: 'a\nb' })).toThrow(/token/)
    const github = await createFakeGithub()
    await createGithubBackend({ repository, baseUrl: github.url }).close()
    expect(github.requests).toHaveLength(0)
    await github.close()
  })

  it('rejects unknown timeouts and paces by their names', () => {
    const repository = 'owner/name'
    const timeouts = { reed: 1 } as never
    const pace = { perSecond: 1 } as never
    expect(() => createGithubBackend({ repository, timeouts })).toThrow('unknown option "timeouts.reed"')
    expect(() => createGithubBackend({ repository, pace })).toThrow('unknown option "pace.perSecond"')
  })

  it('ends a running operation at once when it is closed', async () => {
    await using fixture = await openGithubFixture({ fault: () => 'hang' })
    const backend = fixture.open()
    const reading = failureOf(backend.head())
    await expect.poll(() => fixture.github.requests.length).toBe(1)
    const began = performance.now()
    await backend.close()
    expect(await reading).toMatchObject({ code: 'aborted' })
    expect(performance.now() - began).toBeLessThan(500)
  })
})
