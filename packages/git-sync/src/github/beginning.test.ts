import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, file, last, readAll, subjectsSince } from '../testing/drafts.js'
import { openGithubFixture } from './testing/github-fixture.js'
import { appendPersistently } from './testing/persistent-writer.js'

const hundred = (batch: number) =>
  Array.from({ length: 100 }, (_, index) => file(`messages/${batch}/${index}.json`, `{"id": ${index}}\n`))

describe('an empty repository', () => {
  it('gets one commit beneath the first, which is read like any other', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    expect(await backend.head()).toBeNull()
    const hashes = await append(backend, { parent: null, commits: [draft('one'), draft('two')] })
    expect(await backend.head()).toBe(last(hashes))
    expect(await subjectsSince(fixture.open())).toEqual(['Begin the repository', 'one', 'two'])
    const [beginning] = await readAll(fixture.open())
    expect(beginning?.files.map(({ path }) => path)).toEqual(['.gitkeep'])
  })

  it('gets it on its own default branch when ours is another', async () => {
    await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
    await append(fixture.open({ branch: 'logs/a' }), { parent: null, commits: [draft('one')] })
    expect(await fixture.git('log', '--format=%s', 'logs/a')).toBe('one')
    expect(await fixture.git('log', '--format=%s', 'trunk')).toBe('Begin the repository')
  })

  it('is begun once by four writers who come at the same time', async () => {
    await using fixture = await openGithubFixture()
    const writers = [0, 1, 2, 3].map((writer) =>
      appendPersistently(fixture.open(), [`${writer}-a`, `${writer}-b`], { ...fixture, batch: 1 }),
    )
    await Promise.all(writers)
    const subjects = await subjectsSince(fixture.open())
    expect(subjects[0]).toBe('Begin the repository')
    expect(subjects.slice(1).sort()).toEqual([0, 1, 2, 3].flatMap((writer) => [`${writer}-a`, `${writer}-b`]))
  })

  it('has 1,000 files after 45 requests at most', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    let parent = await backend.head()
    for (let batch = 0; batch < 10; batch += 1) {
      parent = last(await append(backend, { parent, commits: [draft(`batch ${batch}`, ...hundred(batch))] }))
    }
    expect((await fixture.git('ls-tree', '-r', '--name-only', 'main', 'messages')).split('\n')).toHaveLength(
      1000,
    )
    expect(fixture.github.requests.length).toBeLessThanOrEqual(45)
    expect(await fixture.git('fsck', '--strict', '--no-dangling')).toBe('')
  })
})

describe('a branch that is missing in a repository that is not empty', () => {
  it('begins with a commit without parents', async () => {
    await using fixture = await openGithubFixture()
    await append(fixture.open(), { parent: null, commits: [draft('elsewhere')] })
    await append(fixture.open({ branch: 'backup' }), { parent: null, commits: [draft('one')] })
    expect(await fixture.git('log', '--format=%s', 'backup')).toBe('one')
  })

  it('is not mistaken for a repository that is gone', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    expect(await backend.head()).toBeNull()
    fixture.github.settings.exists = false
    await expect(backend.head()).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('the steady state', () => {
  it('costs three requests a batch', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    let [parent = ''] = await append(backend, { parent: null, commits: [draft('one')] })
    const before = fixture.github.requests.length
    parent = last(await append(backend, { parent, commits: [draft('two', ...hundred(2))] }))
    await append(backend, { parent, commits: [draft('three', ...hundred(3))] })
    const steps = fixture.github.requests
      .slice(before)
      .map(({ method, route }) => `${method} ${route.slice(21)}`)
    const batch = ['POST /git/trees', 'POST /git/commits', 'PATCH /git/refs/{ref}']
    expect(steps).toEqual([...batch, ...batch])
  })
})
