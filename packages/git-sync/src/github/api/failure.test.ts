import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, file } from '../../testing/drafts.js'
import { failureOf, openGithubFixture } from '../testing/github-fixture.js'

const request = { parent: null, commits: [draft('secret subject', file('a', 'secret content'))] }

describe('an error response of GitHub', () => {
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
  ])('%i "%s" to a %s rejects append() with this code: %s', async (status, message, method, code) => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    const [parent = ''] = await append(backend, { parent: null, commits: [draft('one')] })
    fixture.github.settings.intercept = (received) =>
      received.method === method ? { status, body: { message } } : undefined
    const error = await failureOf(append(backend, { ...request, parent }))
    expect(error).toMatchObject({ name: 'GitSyncError', code })
    expect(error.message).not.toMatch(/\p{Cc}/u)
    expect(await fixture.git('rev-parse', 'main')).toBe(parent)
  })
})
