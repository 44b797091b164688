import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, file, subjectsSince } from '../../testing/drafts.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { plainGit, withLocalFixture } from '../testing/local-fixture.js'

/** Large enough for git to write a pack instead of loose objects. */
const batch = (number: number) =>
  Array.from({ length: 40 }, (_, index) => draft(`${number}.${index}`, file(`${number}/${index}`)))

it(
  'maintenance packs a repository with many packs, and loses nothing',
  withLocalFixture(async ({ folder, open }) => {
    const backend = open('copy.git', { remote: null })
    let parent: string | null = null
    for (let number = 0; number < 45; number += 1) {
      parent = (await append(backend, { parent, commits: batch(number) })).at(-1) ?? null
    }
    expect(await subjectsSince(backend)).toHaveLength(45 * 40)
    await backend.close()
    const copy = join(folder, 'copy.git')
    expect(await plainGit(copy, 'count-objects', '-v')).toMatch(/^packs: ([1-9]|1\d)$/m)
    expect(await plainGit(copy, 'fsck', '--strict', '--no-dangling')).toBe('')
  }),
)

it(
  'a failure of maintenance does not fail an append',
  withLocalFixture(async ({ folder, open }) => {
    const wrapper = await createGitWrapper(folder, 'if [ "$1" = count-objects ]; then fault; exit 1; fi')
    const backend = open('copy.git', { remote: null, ...wrapper })
    expect(await append(backend, { parent: null, commits: [draft('one')] })).toHaveLength(1)
    await vi.waitFor(async () => expect(await wrapper.faults()).toBe(1))
  }),
)
