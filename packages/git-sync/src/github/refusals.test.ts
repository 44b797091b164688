import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, file } from '../testing/drafts.js'
import type { FakeSettings } from '../testing/index.js'
import { openGithubFixture } from './testing/github-fixture.js'

const request = { parent: null, commits: [draft('secret subject', file('a', 'secret content'))] }
const failure = (promise: Promise<unknown>) => promise.then(() => 'no error').catch((error) => error)

describe('what keeps a repository from being written to is said clearly', () => {
  it.each<[string, Partial<FakeSettings>, string, RegExp]>([
    ['a wrong token', { token: 'another' }, 'unauthorized', /token: it is wrong/],
    ['no such repository', { exists: false }, 'not-found', /no such repository/],
    ['an archived one', { isArchived: true }, 'forbidden', /archived/],
    ['a disabled one', { isDisabled: true }, 'forbidden', /disabled/],
    ['a token that may only read', { mayPush: false }, 'forbidden', /Contents: read and write/],
  ])('%s', async (_, settings, code, message) => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    Object.assign(fixture.github.settings, settings)
    const error = await failure(append(backend, request))
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), requiresIntervention: true })
  })

  it('and a public one is warned of, once', async () => {
    await using fixture = await openGithubFixture({ isPrivate: false })
    const backend = fixture.open()
    await backend.head()
    await backend.head()
    expect(fixture.logged.filter((line) => line.includes('public'))).toHaveLength(1)
  })

  it('until it has been mended', async () => {
    await using fixture = await openGithubFixture({ isArchived: true })
    const backend = fixture.open()
    await expect(append(backend, request)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await backend.head()).toBeNull()
    fixture.github.settings.isArchived = false
    await append(backend, request)
  })
})

describe('an answer of GitHub', () => {
  it.each<[number, string, string, string]>([
    [403, 'Resource not accessible by personal access token', 'PATCH', 'forbidden'],
    [
      422,
      'Repository rule violations found\n\nChanges must be made through a pull request.',
      'PATCH',
      'rejected',
    ],
    [409, 'Repository rule violations found: Secret detected in content', 'POST', 'rejected'],
    [422, 'Update is not a fast forward', 'PATCH', 'stale-head'],
    [422, 'Reference cannot be updated', 'PATCH', 'stale-head'],
    [422, 'Reference does not exist', 'PATCH', 'stale-head'],
    [422, 'Object does not exist', 'PATCH', 'unavailable'],
    [422, 'Tree SHA does not exist', 'POST', 'unavailable'],
    [422, 'Invalid request', 'POST', 'rejected'],
    [500, 'Server Error', 'POST', 'unavailable'],
  ])('%i %s to a %s means %s', async (status, message, method, code) => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    const [parent = ''] = await append(backend, { parent: null, commits: [draft('one')] })
    fixture.github.settings.intercept = (asked) =>
      asked.method === method ? { status, body: { message } } : undefined
    const error = await failure(append(backend, { ...request, parent }))
    expect(error).toMatchObject({ name: 'GitSyncError', code })
    expect(error.message).not.toMatch(/\p{Cc}/u)
    expect(await fixture.git('rev-parse', 'main')).toBe(parent)
  })

  it('of which nobody can tell what became is read, and is unknown when it cannot be', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    const [parent = ''] = await append(backend, { parent: null, commits: [draft('one')] })
    fixture.github.settings.fault = ({ method, route }) => {
      if (method === 'PATCH') return 'after-lost'
      return route.endsWith('/git/ref/{ref}') ? 'before-502' : undefined
    }
    await expect(append(backend, { ...request, parent })).rejects.toMatchObject({ code: 'unknown-outcome' })
  })
})
