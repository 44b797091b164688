import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import { type OpenBackendFixture, withFixture } from './backend-fixture.js'
import { draft, file, last, readAll, subjectsSince } from './drafts.js'

const UNKNOWN = '1234567890123456789012345678901234567890'
const STALE_HEAD = { name: 'GitSyncError', code: 'stale-head' }

/** Preparing, publishing and appending, mostly by one writer. */
export function describeWriting(open: OpenBackendFixture): void {
  describe('append', () => {
    it(
      'head() resolves with null, and changesSince() yields nothing, while the branch does not exist',
      withFixture(open, async ({ backend }) => {
        expect(await backend.head()).toBeNull()
        expect(await readAll(backend)).toEqual([])
      }),
    )

    it(
      'append() resolves with one hash per commit, and head() with the last',
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
      'append() rejects a stale parent with stale-head and leaves the branch where it was',
      withFixture(open, async ({ backend }) => {
        const [base = ''] = await append(backend, { parent: null, commits: [draft('base')] })
        const [tip = ''] = await append(backend, { parent: base, commits: [draft('tip')] })
        for (const parent of [null, base, UNKNOWN]) {
          await expect(append(backend, { parent, commits: [draft('late')] })).rejects.toMatchObject(
            STALE_HEAD,
          )
          expect(await backend.head()).toBe(tip)
        }
        expect(await subjectsSince(backend)).toEqual(['base', 'tip'])
      }),
    )

    it(
      'append() rejects any parent while the branch does not exist',
      withFixture(open, async ({ backend }) => {
        const request = { parent: UNKNOWN, commits: [draft('late')] }
        await expect(append(backend, request)).rejects.toMatchObject(STALE_HEAD)
        expect(await backend.head()).toBeNull()
      }),
    )

    it(
      'append() of the same request twice writes its commits once',
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
      'append() gives the same commit on the same parent the same hash everywhere, and any other commit another',
      withFixture(open, async ({ backend }) => {
        const elsewhere = await open()
        try {
          const commits = [draft('one'), draft('two')]
          const hashes = await append(backend, { parent: null, commits })
          expect(await append(elsewhere.backend, { parent: null, commits })).toEqual(hashes)
          const parent = last(hashes)
          const [one] = await append(backend, { parent, commits: [draft('x', file('x', '1'))] })
          const [other] = await append(elsewhere.backend, { parent, commits: [draft('x', file('x', '2'))] })
          expect(one).not.toBe(other)
        } finally {
          await elsewhere.dispose()
        }
      }),
    )

    it(
      'append() writes several files in one commit, and 300 commits in one batch',
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

  describe('prepare and publish', () => {
    it(
      'prepare() shows nothing on the branch before publish(), and makes the same hashes as append()',
      withFixture(open, async ({ backend, other }) => {
        const observer = await other()
        const request = { parent: null, commits: [draft('one'), draft('two')] }
        const { hashes, publish } = await backend.prepare(request)
        expect(await observer.head()).toBeNull()
        expect(await backend.head()).toBeNull()

        await publish()
        expect(await observer.head()).toBe(last(hashes))
        expect(await subjectsSince(observer)).toEqual(['one', 'two'])
        const again = await append(backend, request).catch((error) => error.code)
        expect([hashes, 'stale-head']).toContainEqual(again)
      }),
    )

    it(
      'prepare() builds on commits that are being published meanwhile',
      withFixture(open, async ({ backend }) => {
        let parent: string | null = null
        let publishing = Promise.resolve()
        for (const subject of ['one', 'two', 'three']) {
          const { hashes, publish } = await backend.prepare({ parent, commits: [draft(subject)] })
          await publishing
          publishing = publish()
          parent = last(hashes)
        }
        await publishing
        expect(await backend.head()).toBe(parent)
        expect(await subjectsSince(backend)).toEqual(['one', 'two', 'three'])
      }),
    )

    it(
      'publish() called twice publishes once',
      withFixture(open, async ({ backend }) => {
        let parent: string | null = null
        for (const commits of [[draft('one'), draft('two')], [draft('three')]]) {
          const { hashes, publish } = await backend.prepare({ parent, commits })
          await publish()
          await publish()
          parent = last(hashes)
          expect(await backend.head()).toBe(parent)
        }
        expect(await subjectsSince(backend)).toEqual(['one', 'two', 'three'])
      }),
    )

    it(
      'publish() rejects with stale-head, every time, if another writer moved the branch after prepare()',
      withFixture(open, async ({ backend, other }) => {
        const rival = await other()
        const base = last(await append(backend, { parent: null, commits: [draft('base')] }))
        const { hashes, publish } = await backend.prepare({ parent: base, commits: [draft('late')] })
        const following = await backend.prepare({ parent: last(hashes), commits: [draft('later')] })
        const won = last(await append(rival, { parent: base, commits: [draft('winner')] }))

        for (const publishing of [publish, publish, following.publish]) {
          await expect(publishing()).rejects.toMatchObject(STALE_HEAD)
        }
        expect(await backend.head()).toBe(won)
        await append(backend, { parent: won, commits: [draft('next')] })
        expect(await subjectsSince(backend)).toEqual(['base', 'winner', 'next'])
      }),
    )

    it(
      'publish() rejects with stale-head if another writer created the branch after prepare()',
      withFixture(open, async ({ backend, other }) => {
        const { publish } = await backend.prepare({ parent: null, commits: [draft('late')] })
        const won = last(await append(await other(), { parent: null, commits: [draft('winner')] }))
        await expect(publish()).rejects.toMatchObject(STALE_HEAD)
        expect(await backend.head()).toBe(won)
      }),
    )

    it(
      'publish() rejects with stale-head if the same backend moved the branch after prepare()',
      withFixture(open, async ({ backend }) => {
        const parent = last(await append(backend, { parent: null, commits: [draft('base')] }))
        const { publish } = await backend.prepare({ parent, commits: [draft('late')] })
        await append(backend, { parent, commits: [draft('winner')] })
        await expect(publish()).rejects.toMatchObject(STALE_HEAD)
        expect(await subjectsSince(backend)).toEqual(['base', 'winner'])
      }),
    )

    it(
      'publish() rejects with stale-head until its parent is published',
      withFixture(open, async ({ backend }) => {
        const base = last(await append(backend, { parent: null, commits: [draft('base')] }))
        const first = await backend.prepare({ parent: base, commits: [draft('one')] })
        const second = await backend.prepare({ parent: last(first.hashes), commits: [draft('two')] })
        await expect(second.publish()).rejects.toMatchObject(STALE_HEAD)
        expect(await backend.head()).toBe(base)
        await first.publish()
        await second.publish()
        expect(await subjectsSince(backend)).toEqual(['base', 'one', 'two'])
      }),
    )
  })
}
