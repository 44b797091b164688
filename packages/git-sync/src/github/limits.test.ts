import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, file, last } from '../testing/drafts.js'
import { createPacer } from './pace.js'
import { openGithubFixture } from './testing/github-fixture.js'
import { waitAskedFor } from './waiting.js'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const NOW = Date.parse('2026-01-09T00:00:00Z')
const date = new Date(NOW).toUTCString()

describe('while GitHub tells us to wait', () => {
  it.each(['primary', 'secondary'] as const)('%s: not one request is sent, to the second', async (fault) => {
    await using fixture = await openGithubFixture({ pause: 30 })
    const { github, time } = fixture
    const backend = fixture.open()
    const [parent = ''] = await append(backend, { parent: null, commits: [draft('one')] })
    const next = [fault]
    github.settings.fault = () => next.shift()
    const error = await append(backend, { parent, commits: [draft('two')] }).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'rate-limited' })
    // The reset is told in whole seconds, and one is added to be sure.
    expect(error.retryAfter).toBeGreaterThan(28_000)
    expect(error.retryAfter).toBeLessThanOrEqual(31_000)

    const before = github.requests.length
    time.now += error.retryAfter - 1000
    const tooEarly = await append(backend, { parent, commits: [draft('two')] }).catch((thrown) => thrown)
    expect(tooEarly).toMatchObject({ code: 'rate-limited', retryAfter: 1000 })
    await expect(backend.head()).rejects.toMatchObject({ code: 'rate-limited' })
    expect(github.requests.length).toBe(before)

    time.now += 1000
    await append(backend, { parent, commits: [draft('two')] })
  })

  it('the last request that is left is the last that is sent', async () => {
    await using fixture = await openGithubFixture({ remaining: 3 })
    const backend = fixture.open()
    await backend.head()
    await backend.head()
    await expect(backend.head()).rejects.toMatchObject({ code: 'rate-limited' })
    expect(fixture.github.requests.every(({ status }) => status !== 403)).toBe(true)
  })

  it.each([
    [{ status: 429, headers: { 'retry-after': '7' } }, 7_000],
    [{ status: 403, headers: { date, 'retry-after': new Date(NOW + 90_000).toUTCString() } }, 90_000],
    [
      {
        status: 403,
        headers: { date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW / 1000 + 100}` },
      },
      101_000,
    ],
    [{ status: 403, message: 'You have exceeded a secondary rate limit', headers: {} }, MINUTE],
    [{ status: 429, headers: {} }, MINUTE],
    [{ status: 403, message: 'Resource not accessible', headers: { 'x-ratelimit-remaining': '12' } }, null],
    [{ status: 502, headers: { 'retry-after': '7' } }, null],
  ])('%j means %s', (refusal, wait) => {
    expect(waitAskedFor({ message: '', needed: '', ...refusal }, 0)).toBe(wait)
  })

  it('a limit that does not say how long it lasts is waited for twice as long each time, up to an hour', () => {
    const waits = [0, 1, 2, 10].map((earlier) =>
      waitAskedFor({ status: 429, message: '', needed: '', headers: {} }, earlier),
    )
    expect(waits).toEqual([MINUTE, 2 * MINUTE, 4 * MINUTE, HOUR])
  })
})

describe('the pace', () => {
  it('never passes 80 writes a minute and 500 an hour, and nobody waits much more than a minute', () => {
    let now = 0
    const pacer = createPacer({ perMinute: 80, perHour: 500 }, () => now)
    const sent: number[] = []
    let longest = 0
    while (now < 4 * HOUR) {
      const wait = pacer.waitFor(3)
      longest = Math.max(longest, wait)
      now += wait
      for (let write = 0; write < 3; write += 1) {
        pacer.count()
        sent.push(now)
        now += 100
      }
    }
    const most = (span: number) =>
      Math.max(
        ...sent.map((end, index) => sent.slice(0, index + 1).filter((time) => time > end - span).length),
      )
    expect(most(MINUTE)).toBeLessThanOrEqual(80)
    expect(most(HOUR)).toBeLessThanOrEqual(500)
    expect(sent.length).toBeGreaterThan(1900)
    expect(longest).toBeLessThanOrEqual(65_000)
  })

  it('is told to the caller before anything is sent', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open({ pace: { perMinute: 8, perHour: 500 } })
    const [parent = ''] = await append(backend, { parent: null, commits: [draft('one')] })
    const next = last(await append(backend, { parent, commits: [draft('two')] }))
    const before = fixture.github.requests.length
    const refused = await append(backend, { parent: next, commits: [draft('three')] }).catch((error) => error)
    expect(refused).toMatchObject({ code: 'rate-limited', retryAfter: MINUTE })
    expect(fixture.github.requests.length).toBe(before)
    fixture.time.now += MINUTE
    await append(backend, { parent: next, commits: [draft('three')] })
  })
})

describe('the size of a batch', () => {
  it('is halved when GitHub finds it too large, never below one file, and grows back', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    let parent = last(await append(backend, { parent: null, commits: [draft('base')] }))
    const two = () => draft('two', file('a', String(Math.random())), file('b'))
    fixture.github.settings.fault = () => 'too-large'
    const sizes: number[] = []
    for (let index = 0; index < 8; index += 1) {
      sizes.push(backend.info.limits.filesPerCommit)
      await expect(append(backend, { parent, commits: [two()] })).rejects.toMatchObject({
        code: 'unavailable',
      })
    }
    expect(sizes).toEqual([100, 50, 25, 12, 6, 3, 1, 1])
    await expect(append(backend, { parent, commits: [draft('single')] })).rejects.toMatchObject({
      code: 'rejected',
    })

    fixture.github.settings.fault = undefined
    for (let index = 0; index < 21; index += 1)
      parent = last(await append(backend, { parent, commits: [two()] }))
    expect(backend.info.limits).toEqual({ commits: 1, filesPerCommit: 100, bytes: 1024 * 1024 })
  })
})
