import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, file, last, readAll, subjectsSince } from '../testing/drafts.js'
import { failureOf, openGithubFixture } from './testing/github-fixture.js'

const MINUTE_MS = 60_000
const BATCH = ['POST /git/trees', 'POST /git/commits', 'PATCH /git/refs/{ref}']
const PREPARE = BATCH.slice(0, 2)

const hundred = (batch: number) =>
  Array.from({ length: 100 }, (_, index) => file(`messages/${batch}/${index}.json`, `{"id": ${index}}\n`))

/** A repository with one commit, its backend, and the requests from then on. */
async function openStarted(options: { pace?: { perMinute: number; perHour: number } } = {}) {
  const fixture = await openGithubFixture()
  const backend = fixture.open(options)
  const parent = last(await append(backend, { parent: null, commits: [draft('base')] }))
  const before = fixture.github.requests.length
  return {
    ...fixture,
    backend,
    parent,
    steps: () =>
      fixture.github.requests.slice(before).map(({ method, route }) => `${method} ${route.slice(21)}`),
  }
}

describe('requests', () => {
  it('append() sends three requests a batch in the steady state', async () => {
    await using started = await openStarted()
    const { backend, steps } = started
    let { parent } = started
    parent = last(await append(backend, { parent, commits: [draft('two', ...hundred(2))] }))
    await append(backend, { parent, commits: [draft('three', ...hundred(3))] })
    expect(steps()).toEqual([...BATCH, ...BATCH])
  })

  it('prepare() sends two requests and publish() one, also when the next batch is prepared in between', async () => {
    await using started = await openStarted()
    const { backend, parent, steps } = started
    const first = await backend.prepare({ parent, commits: [draft('two', ...hundred(2))] })
    const second = await backend.prepare({ parent: last(first.hashes), commits: [draft('three')] })
    expect(steps()).toEqual([...PREPARE, ...PREPARE])
    await first.publish()
    await second.publish()
    const third = { parent: last(second.hashes), commits: [draft('four')] }
    await append(backend, third)
    expect(steps().slice(4)).toEqual(['PATCH /git/refs/{ref}', 'PATCH /git/refs/{ref}', ...BATCH])
    expect(await subjectsSince(backend, parent)).toEqual(['two', 'three', 'four'])
  })

  it('append() writes 1,000 files to an empty repository with 45 requests at most', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    let parent = await backend.head()
    for (let batch = 0; batch < 10; batch += 1) {
      parent = last(await append(backend, { parent, commits: [draft(`batch ${batch}`, ...hundred(batch))] }))
    }
    const written = await fixture.git('ls-tree', '-r', '--name-only', 'main', 'messages')
    expect(written.split('\n')).toHaveLength(1000)
    expect(fixture.github.requests.length).toBeLessThanOrEqual(45)
    expect(await fixture.git('fsck', '--strict', '--no-dangling')).toBe('')
  })

  it('prepare() sends nothing for an invalid request, not even the first time', async () => {
    await using fixture = await openGithubFixture()
    const invalid = fixture.open().prepare({ parent: null, commits: [] })
    await expect(invalid).rejects.toMatchObject({ code: 'invalid-change' })
    expect(fixture.github.requests).toEqual([])
  })
})

describe('prepare() after a failure', () => {
  it('rejects with stale-head, and builds nothing, on commits that lost to another writer', async () => {
    await using started = await openStarted()
    const { backend, parent, steps } = started
    const lost = await backend.prepare({ parent, commits: [draft('lost')] })
    await append(started.open(), { parent, commits: [draft('winner')] })
    await expect(lost.publish()).rejects.toMatchObject({ code: 'stale-head' })
    const sent = steps().length
    const next = backend.prepare({ parent: last(lost.hashes), commits: [draft('next')] })
    await expect(next).rejects.toMatchObject({ code: 'stale-head' })
    expect(
      steps()
        .slice(sent)
        .filter((step) => step.startsWith('POST')),
    ).toEqual([])
  })

  it('builds on commits whose publication had no clear outcome, and both can be published', async () => {
    await using started = await openStarted()
    const { backend, parent, github } = started
    const first = await backend.prepare({ parent, commits: [draft('one')] })
    github.settings.fault = ({ method }) => (method === 'PATCH' ? 'before-lost' : undefined)
    await expect(first.publish()).rejects.toMatchObject({ code: 'unavailable' })
    github.settings.fault = undefined
    const second = await backend.prepare({ parent: last(first.hashes), commits: [draft('two')] })
    await first.publish()
    await second.publish()
    expect(await subjectsSince(backend, parent)).toEqual(['one', 'two'])
  })

  it('builds the same commits again on the same parent, and publishes them once', async () => {
    await using started = await openStarted()
    const { backend, parent, github } = started
    const request = { parent, commits: [draft('one')] }
    const first = await backend.prepare(request)
    github.settings.fault = ({ method, route }) => {
      if (method === 'PATCH') return 'after-lost'
      return route.endsWith('/git/ref/{ref}') ? 'before-502' : undefined
    }
    await expect(first.publish()).rejects.toMatchObject({ code: 'unknown-outcome' })
    github.settings.fault = undefined
    const second = await backend.prepare(request)
    expect(second.hashes).toEqual(first.hashes)
    await second.publish()
    expect(await subjectsSince(backend, parent)).toEqual(['one'])
  })
})

describe('publish()', () => {
  it('does not bring commits along that were prepared and not published', async () => {
    await using started = await openStarted()
    const { backend, parent: base, git } = started
    const lower = await backend.prepare({ parent: base, commits: [draft('lower')] })
    const upper = await backend.prepare({ parent: last(lower.hashes), commits: [draft('upper')] })
    await expect(upper.publish()).rejects.toMatchObject({ code: 'stale-head' })
    expect(await git('rev-parse', 'main')).toBe(base)
    await lower.publish()
    await upper.publish()
    expect(await subjectsSince(backend, base)).toEqual(['lower', 'upper'])
  })
})

describe('removals', () => {
  it('see the files of commits that are prepared and not yet published', async () => {
    await using started = await openStarted()
    const { backend, parent } = started
    const first = await backend.prepare({ parent, commits: [draft('add', file('a/b'), file('a/c'))] })
    const second = await backend.prepare({
      parent: last(first.hashes),
      commits: [draft('remove', file('a/b', null), file('nothing', null))],
    })
    await first.publish()
    await second.publish()
    const [, removed] = await readAll(backend, parent)
    expect(removed?.files).toEqual([{ path: 'a/b', content: null }])
  })
})

describe('closing', () => {
  it('leaves the outcome of append() unknown while the branch is being moved', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    await backend.head()
    fixture.github.settings.fault = ({ method }) => (method === 'PATCH' ? 'hang' : undefined)
    const appending = failureOf(append(backend, { parent: null, commits: [draft('one')] }))
    await expect.poll(() => fixture.github.faults.hang).toBe(1)
    await backend.close()
    expect(await appending).toMatchObject({ code: 'unknown-outcome' })
  })

  it('makes publish() reject with aborted, without sending anything', async () => {
    await using started = await openStarted()
    const { backend, parent, steps } = started
    const { publish } = await backend.prepare({ parent, commits: [draft('one')] })
    await backend.close()
    await expect(publish()).rejects.toMatchObject({ code: 'aborted' })
    expect(steps()).toEqual(PREPARE)
  })
})

describe('the pace', () => {
  it('makes prepare() reject with rate-limited before anything is sent', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open({ pace: { perMinute: 8, perHour: 500 } })
    const [parent = ''] = await append(backend, { parent: null, commits: [draft('one')] })
    const next = last(await append(backend, { parent, commits: [draft('two')] }))
    const before = fixture.github.requests.length
    const error = await failureOf(append(backend, { parent: next, commits: [draft('three')] }))
    expect(error).toMatchObject({ code: 'rate-limited', retryAfter: MINUTE_MS })
    expect(fixture.github.requests.length).toBe(before)
    fixture.time.now += MINUTE_MS
    await append(backend, { parent: next, commits: [draft('three')] })
  })

  it('is not passed by commits that are prepared ahead: publish() waits, and can be retried', async () => {
    // The first append took four writes, and each prepare() takes two.
    await using started = await openStarted({ pace: { perMinute: 9, perHour: 500 } })
    const { backend, parent, time, steps } = started
    time.now += 1000
    const first = await backend.prepare({ parent, commits: [draft('one')] })
    const second = await backend.prepare({ parent: last(first.hashes), commits: [draft('two')] })
    await first.publish()
    const sent = steps().length
    const error = await failureOf(second.publish())
    expect(error).toMatchObject({ code: 'rate-limited', retryAfter: MINUTE_MS - 1000 })
    expect(steps()).toHaveLength(sent)
    time.now += MINUTE_MS - 1000
    await second.publish()
    expect(await subjectsSince(backend, parent)).toEqual(['one', 'two'])
  })
})

describe('the size of a batch', () => {
  it('is halved when GitHub finds it too large, never below one file, and grows back', async () => {
    await using started = await openStarted()
    const { backend, github } = started
    let { parent } = started
    const two = () => draft('two', file('a', String(Math.random())), file('b'))
    github.settings.fault = () => 'too-large'
    const sizes: number[] = []
    for (let index = 0; index < 8; index += 1) {
      sizes.push(backend.info.limits.filesPerCommit)
      const appending = append(backend, { parent, commits: [two()] })
      await expect(appending).rejects.toMatchObject({ code: 'unavailable' })
    }
    expect(sizes).toEqual([100, 50, 25, 12, 6, 3, 1, 1])
    const single = append(backend, { parent, commits: [draft('single')] })
    await expect(single).rejects.toMatchObject({ code: 'rejected' })

    github.settings.fault = undefined
    for (let index = 0; index < 21; index += 1) {
      parent = last(await append(backend, { parent, commits: [two()] }))
    }
    expect(backend.info.limits).toEqual({ commits: 1, filesPerCommit: 100, bytes: 1024 * 1024 })
  })
})
