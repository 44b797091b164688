import { describe, expect, it } from 'vitest'
import { append } from '../git-backend.js'
import type { OpenBackendFixture } from './backend-fixture.js'
import { draft, last, subjectsSince } from './drafts.js'
import { withFixture } from './with-fixture.js'

/** Building commits before they are published, where a backend does that. */
export function describePreparing(open: OpenBackendFixture): void {
  describe('prepare', () => {
    it(
      'shows nobody anything before it is published, and makes the hashes that append would',
      withFixture(open, async ({ backend, other }) => {
        const rival = await other()
        const request = { parent: null, commits: [draft('one'), draft('two')] }
        const prepared = await backend.prepare(request)
        expect(await rival.head()).toBeNull()
        expect(await backend.head()).toBeNull()

        await prepared.publish()
        expect(await rival.head()).toBe(last(prepared.hashes))
        expect(await subjectsSince(rival)).toEqual(['one', 'two'])
        const again = await append(backend, request).catch((error) => error.code)
        expect([prepared.hashes, 'stale-head']).toContainEqual(again)
      }),
    )

    it(
      'goes on, on top of what is being published meanwhile',
      withFixture(open, async ({ backend }) => {
        let parent: string | null = null
        let publishing = Promise.resolve()
        for (const subject of ['one', 'two', 'three']) {
          const prepared = await backend.prepare({ parent, commits: [draft(subject)] })
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
      withFixture(open, async ({ backend, other }) => {
        const rival = await other()
        const [base = ''] = await append(backend, { parent: null, commits: [draft('base')] })
        const prepared = await backend.prepare({ parent: base, commits: [draft('late')] })
        const following = await backend.prepare({ parent: last(prepared.hashes), commits: [draft('later')] })
        const won = await append(rival, { parent: base, commits: [draft('winner')] })

        for (const { publish } of [prepared, following]) {
          await expect(publish()).rejects.toMatchObject({ code: 'stale-head' })
        }
        expect(await backend.head()).toBe(last(won))
        await append(backend, { parent: last(won), commits: [draft('next')] })
        expect(await subjectsSince(backend)).toEqual(['base', 'winner', 'next'])
      }),
    )

    it(
      'publishes nothing whose parent was not published',
      withFixture(open, async ({ backend }) => {
        const [base = ''] = await append(backend, { parent: null, commits: [draft('base')] })
        const prepared = await backend.prepare({ parent: base, commits: [draft('one')] })
        const following = await backend.prepare({ parent: last(prepared.hashes), commits: [draft('two')] })
        await expect(following.publish()).rejects.toMatchObject({ code: 'stale-head' })
        expect(await backend.head()).toBe(base)
        await prepared.publish()
        await following.publish()
        expect(await subjectsSince(backend)).toEqual(['base', 'one', 'two'])
      }),
    )

    it(
      'ends early, and publishes nothing, when its signal has aborted',
      withFixture(open, async ({ backend }) => {
        const request = { parent: null, commits: [draft('one')] }
        const signal = AbortSignal.abort()
        await expect(backend.prepare(request, { signal })).rejects.toMatchObject({ code: 'aborted' })
        const { publish } = await backend.prepare(request)
        await expect(publish({ signal })).rejects.toMatchObject({ code: 'aborted' })
        expect(await backend.head()).toBeNull()
      }),
    )
  })
}
