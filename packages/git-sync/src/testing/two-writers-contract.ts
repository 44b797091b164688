import { describe, expect, it } from 'vitest'
import { append, type GitBackend } from '../git-backend.js'
import { type OpenBackendFixture, withFixture } from './backend-fixture.js'
import { draft, file, last, readAll, subjectsSince } from './drafts.js'

/** Compare-and-swap between two writers to one branch. */
export function describeTwoWriters(open: OpenBackendFixture): void {
  describe('two writers', () => {
    it(
      'a writer that loses reads what the branch gained and appends on top of it',
      withFixture(open, async ({ backend, other }) => {
        const rival = await other()
        const [base = ''] = await append(backend, { parent: null, commits: [draft('base')] })
        expect(await rival.head()).toBe(base)
        const [won = ''] = await append(rival, { parent: base, commits: [draft('winner')] })

        await expect(append(backend, { parent: base, commits: [draft('loser')] })).rejects.toMatchObject({
          code: 'stale-head',
        })
        expect((await readAll(backend, base)).map(({ hash }) => hash)).toEqual([won])
        await append(backend, { parent: won, commits: [draft('loser')] })
        expect(await subjectsSince(rival)).toEqual(['base', 'winner', 'loser'])
      }),
    )

    it(
      'only one of two writers creates the branch',
      withFixture(open, async ({ backend, other }) => {
        const rival = await other()
        await append(rival, { parent: null, commits: [draft('first')] })
        await expect(append(backend, { parent: null, commits: [draft('second')] })).rejects.toMatchObject({
          code: 'stale-head',
        })
        expect(await subjectsSince(backend)).toEqual(['first'])
      }),
    )

    it(
      'a writer appends on a tip that it has not read itself',
      withFixture(open, async ({ backend, other }) => {
        const rival = await other()
        const tip = last(await append(rival, { parent: null, commits: [draft('one'), draft('two')] }))
        await append(backend, { parent: tip, commits: [draft('three')] })
        expect(await subjectsSince(rival)).toEqual(['one', 'two', 'three'])
      }),
    )

    it(
      'two writers lose nothing and write nothing twice, in any order',
      withFixture(open, async ({ backend, other }) => {
        const writers = [backend, await other()]
        const tips: (string | null)[] = [null, null]
        const expected: string[] = []
        // Each writer catches up only when it has to; the order is arbitrary, and the same each time.
        for (const [turn, index] of [0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1].entries()) {
          const subject = `turn ${turn} of writer ${index}`
          tips[index] = await appendOrCatchUp(writers[index] as GitBackend, tips[index] ?? null, subject)
          expected.push(subject)
        }
        expect(await subjectsSince(backend)).toEqual(expected)
        expect(await subjectsSince(writers[1] as GitBackend)).toEqual(expected)
      }),
    )
  })
}

async function appendOrCatchUp(backend: GitBackend, parent: string | null, subject: string): Promise<string> {
  const commits = [draft(subject, file(`${subject}/a`), file(`${subject}/b`))]
  try {
    return last(await append(backend, { parent, commits }))
  } catch (error) {
    expect(error).toMatchObject({ code: 'stale-head' })
    const gained = await readAll(backend, parent)
    expect(gained.length).toBeGreaterThan(0)
    return last(await append(backend, { parent: last(gained.map(({ hash }) => hash)), commits }))
  }
}
