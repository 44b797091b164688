import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import type { OpenBackendFixture } from './backend-fixture.js'
import { draft, readAll, subjectsSince } from './drafts.js'
import { withFixture } from './with-fixture.js'

/** Giving up early, stopping to read, closing. */
export function describeEnding(open: OpenBackendFixture): void {
  describe('ending', () => {
    it(
      'an aborted signal ends every operation before it changes anything',
      withFixture(open, async ({ backend }) => {
        await append(backend, { parent: null, commits: [draft('one')] })
        const parent = await backend.head()
        const signal = AbortSignal.abort()
        const aborted = { code: 'aborted' }
        await expect(backend.head({ signal })).rejects.toMatchObject(aborted)
        await expect(readAll(backend, null, { signal })).rejects.toMatchObject(aborted)
        await expect(append(backend, { parent, commits: [draft('two')] }, { signal })).rejects.toMatchObject(
          aborted,
        )
        expect(await subjectsSince(backend)).toEqual(['one'])
      }),
    )

    it(
      'a signal ends a reading under way',
      withFixture(open, async ({ backend }) => {
        const commits = Array.from({ length: 50 }, (_, index) => draft(`number ${index}`))
        await append(backend, { parent: null, commits })
        const controller = new AbortController()
        let seen = 0
        const reading = async () => {
          for await (const _ of backend.changesSince(null, { signal: controller.signal })) {
            seen += 1
            controller.abort()
          }
        }
        await expect(reading()).rejects.toMatchObject({ code: 'aborted' })
        expect(seen).toBe(1)
      }),
    )

    it(
      'a consumer may stop reading at any time',
      withFixture(open, async ({ backend }) => {
        const commits = Array.from({ length: 50 }, (_, index) => draft(`number ${index}`))
        const hashes = await append(backend, { parent: null, commits })
        for await (const commit of backend.changesSince(null)) {
          expect(commit.hash).toBe(hashes[0])
          break
        }
        expect(await backend.head()).toBe(hashes.at(-1))
      }),
    )

    it(
      'closes at the end of an `await using`',
      withFixture(open, async ({ other }) => {
        const escaped = await (async () => {
          await using backend = await other()
          await backend.head()
          return backend
        })()
        await expect(escaped.head()).rejects.toMatchObject({ code: 'aborted' })
      }),
    )

    it(
      'may be closed twice, before its first use too, and is of no use afterwards',
      withFixture(open, async ({ backend, other }) => {
        const unused = await other()
        await unused.close()
        await unused.close()

        await append(backend, { parent: null, commits: [draft('one')] })
        await backend.close()
        await backend.close()
        await expect(backend.head()).rejects.toMatchObject({ name: 'GitSyncError' })
        await expect(readAll(backend)).rejects.toMatchObject({ name: 'GitSyncError' })
      }),
    )
  })
}
