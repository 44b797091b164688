import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft } from '../../testing/drafts.js'
import { failureOf, openGithubFixture } from '../testing/github-fixture.js'

describe('while GitHub asks for a pause', () => {
  it.each(['primary', 'secondary'] as const)(
    'not one request is sent, to the second, after this limit: %s',
    async (fault) => {
      await using fixture = await openGithubFixture({ pause: 30 })
      const { github, time } = fixture
      const backend = fixture.open()
      const [parent = ''] = await append(backend, { parent: null, commits: [draft('one')] })
      const next = [fault]
      github.settings.fault = () => next.shift()
      const error = await failureOf(append(backend, { parent, commits: [draft('two')] }))
      expect(error).toMatchObject({ code: 'rate-limited' })
      // GitHub states the reset in whole seconds, and the client adds one.
      expect(error.retryAfter).toBeGreaterThan(28_000)
      expect(error.retryAfter).toBeLessThanOrEqual(31_000)

      const before = github.requests.length
      time.now += error.retryAfter - 1000
      const tooEarly = await failureOf(append(backend, { parent, commits: [draft('two')] }))
      expect(tooEarly).toMatchObject({ code: 'rate-limited', retryAfter: 1000 })
      await expect(backend.head()).rejects.toMatchObject({ code: 'rate-limited' })
      expect(github.requests.length).toBe(before)

      time.now += 1000
      await append(backend, { parent, commits: [draft('two')] })
    },
  )

  it('publish() sends nothing and can be retried after the pause', async () => {
    await using fixture = await openGithubFixture({ pause: 30 })
    const { github, time } = fixture
    const backend = fixture.open()
    const [parent = ''] = await append(backend, { parent: null, commits: [draft('one')] })
    const { hashes, publish } = await backend.prepare({ parent, commits: [draft('two')] })
    const next = ['secondary' as const]
    github.settings.fault = () => next.shift()
    const limited = { code: 'rate-limited', retryAfter: 30_000 }
    await expect(publish()).rejects.toMatchObject(limited)
    const before = github.requests.length
    await expect(publish()).rejects.toMatchObject(limited)
    expect(github.requests.length).toBe(before)
    time.now += 30_000
    await publish()
    expect(await backend.head()).toBe(hashes[0])
  })
})

it('no request is sent after the last one that GitHub has left', async () => {
  await using fixture = await openGithubFixture({ remaining: 3 })
  const backend = fixture.open()
  await backend.head()
  await backend.head()
  await expect(backend.head()).rejects.toMatchObject({ code: 'rate-limited' })
  expect(fixture.github.requests.every(({ status }) => status !== 403)).toBe(true)
})

it('a response that does not come in time is unavailable, with the reason', async () => {
  await using fixture = await openGithubFixture({ fault: () => 'hang' })
  const backend = fixture.open({ timeouts: { read: 50 } })
  await expect(backend.head()).rejects.toMatchObject({
    code: 'unavailable',
    message: 'no response from GitHub (timeout)',
  })
})
