import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, file, last, readAll, subjectsSince } from '../../testing/drafts.js'
import { type GithubFixture, openGithubFixture } from '../testing/github-fixture.js'

const OVER_A_LAG_MS = 61_000

/** Writes a commit of one file with plain git, on these parents. */
async function commitWithGit(
  { git }: GithubFixture,
  {
    path,
    content,
    mode = '100644',
    parents,
  }: { path: string; content: string; mode?: string; parents: string[] },
): Promise<string> {
  const blob = await git('-c', `alias.put=!printf %s '${content}' | git hash-object -w --stdin`, 'put')
  await git('read-tree', parents[0] ?? '--empty')
  for (const parent of parents.slice(1))
    await git('read-tree', '-i', '-m', '--aggressive', parents[0] ?? '', parent)
  await git('update-index', '--add', '--cacheinfo', `${mode},${blob},${path}`)
  const tree = await git('write-tree')
  const identity = ['-c', 'user.name=p', '-c', 'user.email=p@example.invalid']
  const of = parents.flatMap((parent) => ['-p', parent])
  return git(...identity, 'commit-tree', tree, ...of, '-m', path)
}

describe('commits made with plain git', () => {
  it('are read: merges, links, and names that look like options', async () => {
    await using fixture = await openGithubFixture()
    const { git } = fixture
    const base = await commitWithGit(fixture, { path: 'base', content: 'base', parents: [] })
    const side = await commitWithGit(fixture, { path: 'side', content: 'side', parents: [base] })
    const link = await commitWithGit(fixture, {
      path: '-link',
      content: 'base',
      mode: '120000',
      parents: [base],
    })
    const merge = await commitWithGit(fixture, { path: 'evil', content: 'evil', parents: [link, side] })
    await git('update-ref', 'refs/heads/main', merge)

    const commits = await readAll(fixture.open())
    const byMessage = new Map(commits.map(({ message, files }) => [message.trim(), files]))
    expect([...byMessage.keys()].sort()).toEqual(['-link', 'base', 'evil', 'side'])
    expect(byMessage.get('-link')).toEqual([{ path: '-link', content: null, omitted: 'not-a-file' }])
    expect(byMessage.get('evil')?.map(({ path }) => path)).toEqual(['-link', 'evil', 'side'])
    expect(commits.flatMap(({ hash, isOnSideLine }) => (isOnSideLine ? [hash] : []))).toEqual([side])
    expect(byMessage.get('side')).toEqual([{ path: 'side', content: Buffer.from('side') }])
    const order = commits.map(({ hash }) => hash)
    expect(order.indexOf(base)).toBe(0)
    expect(order.indexOf(merge)).toBe(3)
  })
})

describe('changesSince', () => {
  it('sends one request a commit if GitHub shows what was added, and yields the same bytes if it does not', async () => {
    await using fixture = await openGithubFixture()
    const files = Array.from({ length: 100 }, (_, index) => file(`m/${index}`, `line ${index}\r\n\nü\n`))
    await append(fixture.open(), { parent: null, commits: [draft('many', ...files)] })
    const read = async () => {
      const before = fixture.github.requests.length
      const commits = await readAll(fixture.open())
      return { commits, requests: fixture.github.requests.length - before }
    }
    const shown = await read()
    // The repository, the branch, the list, and two commits.
    expect(shown.requests).toBe(5)
    fixture.github.settings.hasPatches = false
    const fetched = await read()
    expect(fetched.requests).toBeGreaterThan(100)
    expect(fetched.commits).toEqual(shown.commits)
  })

  it('yields every file of a commit that is too large for GitHub to list', async () => {
    await using fixture = await openGithubFixture({ hasPatches: false })
    const files = Array.from({ length: 3100 }, (_, index) => file(`f/${index % 100}/${index}`, 'same'))
    const backend = fixture.open()
    const [base = ''] = await append(backend, { parent: null, commits: [draft('base', file('f/0/gone'))] })
    const removed = [file('f/0/gone', null), file('wanted/a', 'a')]
    await append(backend, { parent: base, commits: [draft('huge', ...files, ...removed)] })
    const within = ['wanted', 'f/0']
    const [huge] = await readAll(fixture.open(), base, { within })
    expect(huge?.files).toHaveLength(33)
    expect(huge?.files).toContainEqual({ path: 'f/0/gone', content: null })
    expect(huge?.files).toContainEqual({ path: 'wanted/a', content: Buffer.from('a') })
  })

  it('yields more commits than a page holds, from the beginning and from the middle', async () => {
    await using fixture = await openGithubFixture({ defaultBranch: 'trunk' })
    const subjects = Array.from({ length: 130 }, (_, index) => `number ${index}`)
    const hashes = await append(fixture.open(), {
      parent: null,
      commits: subjects.map((text) => draft(text)),
    })
    expect(await subjectsSince(fixture.open())).toEqual(subjects)
    expect(await subjectsSince(fixture.open(), hashes[9])).toEqual(subjects.slice(10))
  })
})

describe('reads that lag behind writes', () => {
  it('never show a branch before a commit that was acknowledged', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    const [one = ''] = await append(backend, { parent: null, commits: [draft('one')] })
    const [two = ''] = await append(backend, { parent: one, commits: [draft('two')] })
    fixture.github.settings.fault = () => 'stale'
    expect(await backend.head()).toBe(two)
    expect(await readAll(backend, two)).toEqual([])
    expect(await readAll(fixture.open(), two)).toEqual([])
    await append(backend, { parent: two, commits: [draft('three')] })
    expect(fixture.github.faults.stale).toBeGreaterThan(2)
  })

  it('are believed after a minute: the branch was rolled back', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    const [one = ''] = await append(backend, { parent: null, commits: [draft('one')] })
    const [two = ''] = await append(backend, { parent: one, commits: [draft('two')] })
    await fixture.git('update-ref', 'refs/heads/main', one)
    expect(await backend.head()).toBe(two)
    fixture.time.now += OVER_A_LAG_MS
    expect(await backend.head()).toBe(one)
    await expect(readAll(backend, two)).resolves.toEqual([])
    fixture.time.now += OVER_A_LAG_MS
    await expect(readAll(backend, two)).rejects.toMatchObject({ code: 'unknown-cursor' })
  })

  it('do not hide a branch that was rewritten', async () => {
    await using fixture = await openGithubFixture()
    const backend = fixture.open()
    const [one = ''] = await append(backend, { parent: null, commits: [draft('one')] })
    const [two = ''] = await append(backend, { parent: one, commits: [draft('two')] })
    const other = await commitWithGit(fixture, { path: 'other', content: 'x', parents: [one] })
    await fixture.git('update-ref', 'refs/heads/main', other)
    expect(await backend.head()).toBe(other)
    await expect(readAll(backend, two)).rejects.toMatchObject({ code: 'unknown-cursor' })
    await expect(append(backend, { parent: two, commits: [draft('three')] })).rejects.toMatchObject({
      code: 'stale-head',
    })
    expect(last([await fixture.git('rev-parse', 'main')])).toBe(other)
  })
})
