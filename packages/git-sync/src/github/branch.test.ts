import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { draft, last, readAll, subjectsSince } from '../testing/drafts.js'
import type { FakeFault } from '../testing/index.js'
import { type GithubFixture, openGithubFixture } from './testing/github-fixture.js'
import { appendPersistently } from './testing/persistent-writer.js'

const isMove = ({ method, route }: { method: string; route: string }): boolean =>
  method === 'PATCH' || (method === 'POST' && route.endsWith('/git/refs'))
const isRead = ({ method, route }: { method: string; route: string }): boolean =>
  method === 'GET' && route.endsWith('/git/ref/{ref}')

/** A repository with one commit on the branch, or one in which only another branch has any. */
async function openBranch(fixture: GithubFixture, exists: boolean, timeouts = {}) {
  const backend = fixture.open({ timeouts })
  if (exists) return { backend, parent: last(await append(backend, one(null))), before: ['one'] }
  await append(fixture.open({ branch: 'other' }), one(null))
  return { backend, parent: null, before: [] }
}

/** Makes moving the branch fail with this fault, and reading it fail as well. */
function hideOutcome({ github }: GithubFixture, fault: FakeFault): void {
  github.settings.fault = (request) => (isMove(request) ? fault : isRead(request) ? 'before-502' : undefined)
}

const one = (parent: string | null) => ({ parent, commits: [draft('one')] })
const two = (parent: string | null) => ({ parent, commits: [draft('two')] })

describe('an empty repository', () => {
  it('gets one commit below the first, which is read like any other', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    expect(await backend.head()).toBeNull()
    const hashes = await append(backend, { parent: null, commits: [draft('one'), draft('two')] })
    expect(await backend.head()).toBe(last(hashes))
    expect(await subjectsSince(fixture.open())).toEqual(['Begin the repository', 'one', 'two'])
    const [first] = await readAll(fixture.open())
    expect(first?.files.map(({ path }) => path)).toEqual(['.gitkeep'])
  })

  it('gets its first commit on its own default branch', async () => {
    await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
    await append(fixture.open({ branch: 'logs/a' }), one(null))
    expect(await fixture.git('log', '--format=%s', 'logs/a')).toBe('one')
    expect(await fixture.git('log', '--format=%s', 'trunk')).toBe('Begin the repository')
  })

  it('gets its first commit from prepare(), and the prepared ones only from publish()', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    const { hashes, publish } = await backend.prepare(one(null))
    expect(await subjectsSince(fixture.open())).toEqual(['Begin the repository'])
    await publish()
    await publish()
    expect(await backend.head()).toBe(hashes[0])
    expect(await subjectsSince(fixture.open())).toEqual(['Begin the repository', 'one'])
  })

  it('can be appended to after its first commit was made and nothing was published', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    await backend.prepare(one(null))
    await expect(backend.prepare(one(null))).rejects.toMatchObject({ code: 'stale-head' })
    const [first] = await readAll(backend)
    await append(backend, one(first?.hash ?? null))
    expect(await subjectsSince(backend)).toEqual(['Begin the repository', 'one'])
  })

  it('gets its first commit once from four writers at the same time', async () => {
    await using fixture = await openGithubFixture()
    const writers = [0, 1, 2, 3].map((writer) =>
      appendPersistently(fixture.open(), [`${writer}-a`, `${writer}-b`], { ...fixture, batch: 1 }),
    )
    await Promise.all(writers)
    const subjects = await subjectsSince(fixture.open())
    expect(subjects[0]).toBe('Begin the repository')
    expect(subjects.slice(1).sort()).toEqual([0, 1, 2, 3].flatMap((writer) => [`${writer}-a`, `${writer}-b`]))
  })
})

describe('a missing branch in a repository that is not empty', () => {
  it('starts with a commit without parents', async () => {
    await using fixture = await openGithubFixture()
    await append(fixture.open(), { parent: null, commits: [draft('elsewhere')] })
    await append(fixture.open({ branch: 'backup' }), one(null))
    expect(await fixture.git('log', '--format=%s', 'backup')).toBe('one')
  })

  it('is not mistaken for a repository that no longer exists', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    expect(await backend.head()).toBeNull()
    fixture.github.settings.exists = false
    await expect(backend.head()).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe.each([
  ['an existing branch', true],
  ['a new branch', false],
])('publish() to %s', (_, exists) => {
  it('sends one request, and none but a read when it is called again', async () => {
    await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
    const { backend, parent, before } = await openBranch(fixture, exists)
    const { publish } = await backend.prepare(two(parent))
    const prepared = fixture.github.requests.length
    await publish()
    expect(fixture.github.requests.slice(prepared).map(isMove)).toEqual([true])
    await publish()
    expect(fixture.github.requests.slice(prepared + 1).map(isRead)).toEqual([true])
    expect(await subjectsSince(backend)).toEqual([...before, 'two'])
  })

  it('rejects with stale-head, also when it is called again, if the branch moved after prepare()', async () => {
    await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
    const { backend, parent, before } = await openBranch(fixture, exists)
    const { publish } = await backend.prepare(two(parent))
    const winner = last(await append(fixture.open(), { parent, commits: [draft('winner')] }))
    await expect(publish()).rejects.toMatchObject({ code: 'stale-head' })
    await expect(publish()).rejects.toMatchObject({ code: 'stale-head' })
    await append(backend, two(winner))
    expect(await subjectsSince(backend)).toEqual([...before, 'winner', 'two'])
  })

  it.each(['after-lost', 'after-502', 'cut'] as const)(
    'resolves if reading the branch shows that it was moved, after this fault: %s',
    async (fault) => {
      await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
      const { backend, parent, before } = await openBranch(fixture, exists)
      const { hashes, publish } = await backend.prepare(two(parent))
      fixture.github.settings.fault = (request) => (isMove(request) ? fault : undefined)
      await publish()
      expect(fixture.github.faults[fault]).toBe(1)
      expect(await backend.head()).toBe(hashes[0])
      expect(await subjectsSince(backend)).toEqual([...before, 'two'])
    },
  )

  it('resolves if the branch was moved and has already gained more', async () => {
    await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
    const { backend, parent, before } = await openBranch(fixture, exists, { write: 1000 })
    const { hashes, publish } = await backend.prepare(two(parent))
    const rival = fixture.open()
    const next = ['hang' as const]
    fixture.github.settings.fault = (request) => (isMove(request) ? next.shift() : undefined)
    const publishing = publish()
    await expect.poll(() => fixture.github.faults.hang).toBe(1)
    await append(rival, { parent: hashes[0] ?? '', commits: [draft('three')] })
    await publishing
    expect(await subjectsSince(backend)).toEqual([...before, 'two', 'three'])
  })

  it('rejects with unavailable, and can be called again, if the branch was not moved', async () => {
    await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
    const { backend, parent, before } = await openBranch(fixture, exists)
    const { publish } = await backend.prepare(two(parent))
    fixture.github.settings.fault = (request) => (isMove(request) ? 'before-lost' : undefined)
    await expect(publish()).rejects.toMatchObject({ code: 'unavailable' })
    expect(await subjectsSince(fixture.open())).toEqual(before)
    fixture.github.settings.fault = undefined
    await publish()
    expect(await subjectsSince(backend)).toEqual([...before, 'two'])
  })

  it.each([
    ['was moved', 'after-lost'],
    ['was not moved', 'before-lost'],
  ] as const)(
    'rejects with unknown-outcome if the branch cannot be read, and can be called again if it %s',
    async (_, fault) => {
      await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
      const { backend, parent, before } = await openBranch(fixture, exists)
      const { hashes, publish } = await backend.prepare(two(parent))
      hideOutcome(fixture, fault)
      await expect(publish()).rejects.toMatchObject({ code: 'unknown-outcome' })
      fixture.github.settings.fault = undefined
      await publish()
      expect(await backend.head()).toBe(hashes[0])
      expect(await subjectsSince(backend)).toEqual([...before, 'two'])
    },
  )

  it('rejects with stale-head after an unknown outcome if another writer has moved the branch since', async () => {
    await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
    const { backend, parent, before } = await openBranch(fixture, exists)
    const { publish } = await backend.prepare(two(parent))
    hideOutcome(fixture, 'before-lost')
    await expect(publish()).rejects.toMatchObject({ code: 'unknown-outcome' })
    fixture.github.settings.fault = undefined
    await append(fixture.open(), { parent, commits: [draft('winner')] })
    await expect(publish()).rejects.toMatchObject({ code: 'stale-head' })
    expect(await subjectsSince(backend)).toEqual([...before, 'winner'])
  })

  it('rejects with unknown-outcome if GitHub cannot tell whether the branch contains the commits', async () => {
    await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
    const { backend, parent } = await openBranch(fixture, exists)
    const { publish } = await backend.prepare(two(parent))
    const winner = last(await append(fixture.open(), { parent, commits: [draft('winner')] }))
    const { settings } = fixture.github
    settings.fault = (request) => (isMove(request) ? 'before-502' : undefined)
    settings.intercept = ({ path }) =>
      path.includes(`...${winner}`) && !path.includes(`/${parent}...`)
        ? { status: 404, body: { message: 'Not Found' } }
        : undefined
    await expect(publish()).rejects.toMatchObject({ code: 'unknown-outcome' })
    settings.intercept = undefined
    await expect(publish()).rejects.toMatchObject({ code: 'stale-head' })
  })

  it('rejects with unknown-outcome if its signal aborts while the branch is being moved', async () => {
    await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
    const { backend, parent, before } = await openBranch(fixture, exists)
    const { publish } = await backend.prepare(two(parent))
    fixture.github.settings.fault = (request) => (isMove(request) ? 'hang' : undefined)
    const controller = new AbortController()
    const publishing = publish({ signal: controller.signal }).catch((error) => error)
    await expect.poll(() => fixture.github.faults.hang).toBe(1)
    controller.abort()
    expect(await publishing).toMatchObject({ code: 'unknown-outcome' })
    fixture.github.settings.fault = undefined
    await publish()
    expect(await subjectsSince(backend)).toEqual([...before, 'two'])
  })
})

it('publish() of a new branch that GitHub cannot see yet rejects with unavailable, and can be called again', async () => {
  await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
  const { backend } = await openBranch(fixture, false)
  const { publish } = await backend.prepare(two(null))
  const { settings } = fixture.github
  hideOutcome(fixture, 'after-lost')
  await expect(publish()).rejects.toMatchObject({ code: 'unknown-outcome' })
  settings.fault = (request) => (isRead(request) ? 'stale' : undefined)
  await expect(publish()).rejects.toMatchObject({ code: 'unavailable' })
  settings.fault = undefined
  await publish()
  expect(await subjectsSince(backend)).toEqual(['two'])
})
