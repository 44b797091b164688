import { describe, expect, it } from 'vitest'
import type { GitBackend } from '../git-backend.js'
import type { BackendFixture, OpenBackendFixture } from './backend-fixture.js'
import { draft, last, subjectsSince } from './drafts.js'
import { withFixture } from './with-fixture.js'

/** Building commits before they are published, where a backend does that. */
export function describePreparing(open: OpenBackendFixture): void {
  describe('prepare', () => {
    it(
      'shows nobody anything before it is published, and makes the hashes that append would',
      whichPrepares(open, async ({ backend, other, prepare }) => {
        const rival = await other()
        const request = { parent: null, commits: [draft('one'), draft('two')] }
        const prepared = await prepare(request)
        expect(await rival.head()).toBeNull()
        expect(await backend.head()).toBeNull()

        await prepared.publish()
        expect(await rival.head()).toBe(last(prepared.hashes))
        expect(await subjectsSince(rival)).toEqual(['one', 'two'])
        const again = await backend.append(request).catch((error) => error.code)
        expect([prepared.hashes, 'stale-head']).toContainEqual(again)
      }),
    )

    it(
      'goes on, on top of what is being published meanwhile',
      whichPrepares(open, async ({ backend, prepare }) => {
        let parent: string | null = null
        let publishing = Promise.resolve()
        for (const subject of ['one', 'two', 'three']) {
          const prepared = await prepare({ parent, commits: [draft(subject)] })
          await publishing
          publishing = prepared.publish()
          parent = last(prepared.hashes)
        }
        await publishing
        expect(await backend.head()).toBe(parent)
        expect(await subjectsSince(backend)).toEqual(['one', 'two', 'three'])
      }),
    )

    it(
      'publishes nothing once the branch has moved, and need not be published',
      whichPrepares(open, async ({ backend, other, prepare }) => {
        const rival = await other()
        const [base = ''] = await backend.append({ parent: null, commits: [draft('base')] })
        const prepared = await prepare({ parent: base, commits: [draft('late')] })
        const following = await prepare({ parent: last(prepared.hashes), commits: [draft('later')] })
        const won = await rival.append({ parent: base, commits: [draft('winner')] })

        for (const { publish } of [prepared, following]) {
          await expect(publish()).rejects.toMatchObject({ code: 'stale-head' })
        }
        expect(await backend.head()).toBe(last(won))
        await backend.append({ parent: last(won), commits: [draft('next')] })
        expect(await subjectsSince(backend)).toEqual(['base', 'winner', 'next'])
      }),
    )

    it(
      'publishes nothing whose parent was not published',
      whichPrepares(open, async ({ backend, prepare }) => {
        const [base = ''] = await backend.append({ parent: null, commits: [draft('base')] })
        const prepared = await prepare({ parent: base, commits: [draft('one')] })
        const following = await prepare({ parent: last(prepared.hashes), commits: [draft('two')] })
        await expect(following.publish()).rejects.toMatchObject({ code: 'stale-head' })
        expect(await backend.head()).toBe(base)
        await prepared.publish()
        await following.publish()
        expect(await subjectsSince(backend)).toEqual(['base', 'one', 'two'])
      }),
    )

    it(
      'ends early, and publishes nothing, when its signal has aborted',
      whichPrepares(open, async ({ backend, prepare }) => {
        const request = { parent: null, commits: [draft('one')] }
        const signal = AbortSignal.abort()
        await expect(prepare(request, { signal })).rejects.toMatchObject({ code: 'aborted' })
        const { publish } = await prepare(request)
        await expect(publish({ signal })).rejects.toMatchObject({ code: 'aborted' })
        expect(await backend.head()).toBeNull()
      }),
    )
  })
}

/** The body of a test of a backend that prepares; of another the test is skipped. */
const whichPrepares = (
  open: OpenBackendFixture,
  body: (fixture: BackendFixture & { prepare: NonNullable<GitBackend['prepare']> }) => Promise<void>,
) =>
  withFixture(open, async (fixture, { skip }) => {
    const { prepare } = fixture.backend
    if (!prepare) return skip('this backend prepares nothing')
    await body({ ...fixture, prepare })
  })
