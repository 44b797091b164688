import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import type { OpenBackendFixture } from './backend-fixture.js'
import { draft, file, last, readAll, subjectsSince } from './drafts.js'
import { withFixture } from './with-fixture.js'

const UNKNOWN = '1234567890123456789012345678901234567890'

/** Appending, by one writer. */
export function describeAppending(open: OpenBackendFixture): void {
  describe('append', () => {
    it(
      'starts on a branch that does not exist',
      withFixture(open, async ({ backend }) => {
        expect(await backend.head()).toBeNull()
        expect(await readAll(backend)).toEqual([])
      }),
    )

    it(
      'answers one hash for each commit, and the head is the last',
      withFixture(open, async ({ backend }) => {
        const first = await append(backend, { parent: null, commits: [draft('one'), draft('two')] })
        expect(first).toHaveLength(2)
        for (const hash of first) expect(hash).toMatch(/^([0-9a-f]{40}|[0-9a-f]{64})$/)
        expect(await backend.head()).toBe(last(first))

        const second = await append(backend, { parent: last(first), commits: [draft('three')] })
        expect(await backend.head()).toBe(last(second))
        expect((await readAll(backend)).map(({ hash }) => hash)).toEqual([...first, ...second])
      }),
    )

    it(
      'refuses a stale parent and leaves the branch where it was',
      withFixture(open, async ({ backend }) => {
        const [base = ''] = await append(backend, { parent: null, commits: [draft('base')] })
        const [tip = ''] = await append(backend, { parent: base, commits: [draft('tip')] })
        for (const parent of [null, base, UNKNOWN]) {
          await expect(append(backend, { parent, commits: [draft('late')] })).rejects.toMatchObject({
            name: 'GitSyncError',
            code: 'stale-head',
          })
          expect(await backend.head()).toBe(tip)
        }
        expect(await subjectsSince(backend)).toEqual(['base', 'tip'])
      }),
    )

    it(
      'refuses a parent while the branch does not exist',
      withFixture(open, async ({ backend }) => {
        await expect(append(backend, { parent: UNKNOWN, commits: [draft('late')] })).rejects.toMatchObject({
          code: 'stale-head',
        })
        expect(await backend.head()).toBeNull()
      }),
    )

    it(
      'never doubles commits that are asked for twice',
      withFixture(open, async ({ backend }) => {
        let parent: string | null = null
        for (const commits of [[draft('one'), draft('two')], [draft('three')]]) {
          const hashes = await append(backend, { parent, commits })
          const again = await append(backend, { parent, commits }).catch((error) => error.code)
          expect([hashes, 'stale-head']).toContainEqual(again)
          parent = last(hashes)
        }
        expect(await subjectsSince(backend)).toEqual(['one', 'two', 'three'])
      }),
    )

    it(
      'makes the same hash of the same commit on the same parent, and another of any other',
      withFixture(open, async ({ backend }) => {
        const one = await open()
        try {
          const commits = [draft('one'), draft('two')]
          const hashes = await append(backend, { parent: null, commits })
          expect(await append(one.backend, { parent: null, commits })).toEqual(hashes)
          const tip = last(hashes)
          const [mine] = await append(backend, { parent: tip, commits: [draft('x', file('x', '1'))] })
          const [theirs] = await append(one.backend, { parent: tip, commits: [draft('x', file('x', '2'))] })
          expect(mine).not.toBe(theirs)
        } finally {
          await one.dispose()
        }
      }),
    )

    it(
      'carries several files in one commit, and 300 commits in one batch',
      withFixture(open, async ({ backend }) => {
        const many = Array.from({ length: 300 }, (_, index) => draft(`number ${index}`, file(`n/${index}`)))
        const hashes = await append(backend, {
          parent: null,
          commits: [draft('several', file('a'), file('b/c'), file('b/d/e')), ...many],
        })
        expect(new Set(hashes).size).toBe(301)
        const [several, ...rest] = await readAll(backend)
        expect(several?.files.map(({ path }) => path).sort()).toEqual(['a', 'b/c', 'b/d/e'])
        expect(rest.map(({ hash }) => hash)).toEqual(hashes.slice(1))
        expect(rest.map(({ files }) => files.map(({ path }) => path))).toEqual(
          many.map(({ files }) => files.map(({ path }) => path)),
        )
      }),
      60_000,
    )
  })
}
