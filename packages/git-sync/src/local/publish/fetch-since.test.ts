import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, file, last, readAll, subjectsSince } from '../../testing/drafts.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { type LocalFixture, plainGit, withLocalFixture } from '../testing/local-fixture.js'

const OLD_COMMITS = 30

/** A remote with some history, and a second server's backend that has none of it. */
async function openLater({ folder, open }: LocalFixture) {
  const first = open('first.git')
  const commits = Array.from({ length: OLD_COMMITS }, (_, index) =>
    draft(`${index}`, file(`files/${index}`, 'x'.repeat(500))),
  )
  const hashes = await append(first, { parent: null, commits })
  const directory = join(folder, 'later.git')
  return {
    first,
    hashes,
    cursor: last(hashes),
    later: open('later.git', { shallow: true }),
    countCommits: async () => Number(await plainGit(directory, 'rev-list', '--count', 'main')),
    fsck: () => plainGit(directory, 'fsck', '--strict', '--no-dangling'),
  }
}

describe('a shallow repository', () => {
  it(
    'begins at the cursor, reads what follows, and appends commits with the hashes of a whole one',
    withLocalFixture(async (fixture) => {
      const { first, cursor, later, countCommits, fsck } = await openLater(fixture)
      const edits = ['a', 'b'].map((content) => draft(content, file('files/3', content.repeat(500))))
      const tip = last(await append(first, { parent: cursor, commits: edits }))
      const [a, b] = await readAll(later, cursor)
      expect(a?.files).toEqual([{ path: 'files/3', content: Buffer.from('a'.repeat(500)) }])
      expect(b?.hash).toBe(tip)
      expect(await countCommits()).toBe(3)

      const commits = Array.from({ length: 300 }, (_, index) => draft(`new ${index}`, file(`files/${index}`)))
      const prepared = await first.prepare({ parent: tip, commits })
      expect(await append(later, { parent: tip, commits })).toEqual(prepared.hashes)
      expect(await fsck()).toBe('')
      expect(await plainGit(fixture.remote, 'fsck', '--strict', '--no-dangling')).toBe('')
      expect(await subjectsSince(first, tip)).toHaveLength(300)
    }),
  )

  it(
    'begins at the parent of the first append, if nothing is read before',
    withLocalFixture(async (fixture) => {
      const { cursor, later, countCommits } = await openLater(fixture)
      await append(later, { parent: cursor, commits: [draft('new')] })
      expect(await countCommits()).toBe(2)
    }),
  )

  it(
    'goes on from where it was, with what others appended meanwhile',
    withLocalFixture(async (fixture) => {
      const { first, cursor, later, countCommits } = await openLater(fixture)
      const own = last(await append(later, { parent: cursor, commits: [draft('own')] }))
      const theirs = last(await append(first, { parent: own, commits: [draft('theirs')] }))
      await append(later, { parent: theirs, commits: [draft('own again')] })
      expect(await countCommits()).toBe(4)
    }),
  )

  it(
    'starts over if it begins after the cursor, or all of the history is wanted',
    withLocalFixture(async (fixture) => {
      const { hashes, cursor, later, countCommits } = await openLater(fixture)
      expect(await readAll(later, cursor)).toEqual([])
      expect(await countCommits()).toBe(1)
      expect(await subjectsSince(later, hashes[OLD_COMMITS - 11])).toHaveLength(10)
      expect(await countCommits()).toBe(11)
      expect(await subjectsSince(later)).toHaveLength(OLD_COMMITS)
      expect(await countCommits()).toBe(OLD_COMMITS)
    }),
  )

  it(
    'reports an unknown cursor if the remote was rewritten, and reads the whole history then',
    withLocalFixture(async (fixture) => {
      const { first, hashes, later } = await openLater(fixture)
      const lost = 'd'.repeat(40)
      await expect(readAll(later, lost)).rejects.toMatchObject({ code: 'unknown-cursor' })
      expect(await subjectsSince(later)).toHaveLength(OLD_COMMITS)
      await first.close()
      await plainGit(fixture.remote, 'update-ref', 'refs/heads/main', hashes[4] as string)
      await expect(readAll(later, last(hashes))).rejects.toMatchObject({ code: 'unknown-cursor' })
    }),
  )

  it(
    'fetches the whole history from a remote that has no part of it to give',
    withLocalFixture(async (fixture) => {
      const { cursor, later, countCommits, ...rest } = await openLater(fixture)
      await later.close()
      const refuse = `case "$*" in *--depth=1*)
        fault; echo 'error: Server does not allow request for unadvertised object ${cursor}' >&2; exit 128;; esac`
      const wrapper = await createGitWrapper(fixture.folder, refuse)
      const backend = fixture.open('later.git', { ...wrapper, shallow: true })
      expect(await readAll(backend, cursor)).toEqual([])
      expect(await wrapper.faults()).toBe(1)
      expect(await countCommits()).toBe(rest.hashes.length)
    }),
  )

  it(
    'is packed as others are, and stays whole as far as it reaches',
    withLocalFixture(async (fixture) => {
      const { cursor, later, fsck } = await openLater(fixture)
      const directory = join(fixture.folder, 'later.git')
      let parent = cursor
      for (const content of ['one', 'two', 'three']) {
        parent = last(await append(later, { parent, commits: [draft(content, file('files/1', content))] }))
        await plainGit(directory, 'repack', '--geometric=2', '-d', '-q')
      }
      await plainGit(directory, 'commit-graph', 'write', '--reachable', '--split')
      await append(later, { parent, commits: [draft('four')] })
      expect(await readFile(join(directory, 'shallow'), 'utf8')).toBe(`${cursor}\n`)
      expect(await plainGit(directory, 'rev-list', '--count', 'main')).toBe('5\n')
      expect(await fsck()).toBe('')
    }),
  )
})
