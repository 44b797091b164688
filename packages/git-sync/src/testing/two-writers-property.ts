import { array, assert, asyncProperty, boolean, integer, record } from 'fast-check'
import { expect, it } from 'vitest'
import { append, type GitBackend } from '../git-backend.js'
import type { OpenBackendFixture } from './backend-fixture.js'
import { draft, file, last, readAll, subjectsSince } from './drafts.js'

const step = record({ second: boolean(), commits: integer({ min: 1, max: 3 }), rereads: boolean() })

/** A property: whatever two writers append, in any order of reading and writing, is read back in order. */
export function itReadsBackWhatTwoWritersAppend(open: OpenBackendFixture, numRuns: number): void {
  it('reads back the union of what two writers append, in the order in which it was accepted', async () => {
    await assert(
      asyncProperty(array(step, { maxLength: 8 }), async (steps) => {
        const { backend, other, dispose } = await open()
        try {
          const writers = [createWriter(backend), createWriter(await other())]
          const accepted: string[] = []
          for (const [turn, { second, commits, rereads }] of steps.entries()) {
            const subjects = Array.from({ length: commits }, (_, index) => `${turn}.${index}`)
            const writer = writers[second ? 1 : 0]
            if (rereads) await writer?.read()
            if (await writer?.write(subjects)) accepted.push(...subjects)
          }
          expect(await subjectsSince(backend)).toEqual(accepted)
        } finally {
          await dispose()
        }
      }),
      { numRuns },
    )
  })
}

/** A writer that knows only what it has read or written; a stale one writes nothing. */
function createWriter(backend: GitBackend) {
  let tip: string | null = null
  return {
    async read(): Promise<void> {
      for (const { hash } of await readAll(backend, tip)) tip = hash
    },
    async write(subjects: readonly string[]): Promise<boolean> {
      const before = await backend.head()
      const commits = subjects.map((subject) => draft(subject, file(`files/${subject}`)))
      try {
        tip = last(await append(backend, { parent: tip, commits }))
        return true
      } catch (error) {
        expect(error).toMatchObject({ code: 'stale-head' })
        expect(await backend.head()).toBe(before)
        expect(before).not.toBe(tip)
        return false
      }
    },
  }
}
