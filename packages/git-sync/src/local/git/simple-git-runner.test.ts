import { expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, last, subjectsSince } from '../../testing/drafts.js'
import { withLocalFixture } from '../testing/local-fixture.js'
import { canTakeDescriptors, withDescriptors } from '../testing/with-descriptors.js'

/** The least of descriptors with which Node.js can start any program. */
const ENOUGH = 12

it.runIf(canTakeDescriptors)(
  'without file descriptors every operation is unavailable, and nothing else happens',
  withLocalFixture(async ({ open }) => {
    const backend = open('own.git', { remote: null })
    const parent = last(await append(backend, { parent: null, commits: [draft('one')] }))
    const operations: (() => Promise<unknown>)[] = [
      () => backend.head(),
      () => append(backend, { parent, commits: [draft('two')] }),
    ]
    let failures = 0
    for (let spare = 0; spare < ENOUGH; spare += 1) {
      for (const operation of operations) {
        await withDescriptors(spare, operation).catch((error) => {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(unavailable|stale-head)$/) })
          if (error.code === 'unavailable') failures += 1
        })
      }
    }
    expect(failures).toBeGreaterThan(4)
    await append(backend, { parent, commits: [draft('two')] }).catch(() => {})
    expect(await subjectsSince(backend)).toEqual(['one', 'two'])
  }),
)
