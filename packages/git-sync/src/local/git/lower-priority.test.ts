import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft } from '../../testing/drafts.js'
import { lowerPriority } from './lower-priority.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { withLocalFixture } from '../testing/local-fixture.js'

it(
  'git gives way to whoever answers people, within its session and as a session',
  withLocalFixture(async ({ folder, open }) => {
    const wrapper = await createGitWrapper(
      folder,
      `if [ "$1" = fast-import ]; then fault; sleep 0.2; cat /proc/self/stat /proc/self/autogroup > '${folder}/seen'; fi`,
    )
    const backend = open('copy.git', wrapper)
    await append(backend, { parent: null, commits: [draft('one')] })
    expect(await wrapper.faults()).toBe(1)
    const [stat = '', autogroup = ''] = (await readFile(join(folder, 'seen'), 'utf8')).split('\n')
    expect(stat.split(' ')[18]).toBe('10')
    // Nobody but root may change it more often than ten times a second.
    const isRoot = process.getuid?.() === 0
    if (isRoot && existsSync('/proc/sys/kernel/sched_autogroup_enabled'))
      expect(autogroup).toMatch(/ nice 10$/)
  }),
)

it('a process that is gone has no priority to lower', () => {
  expect(() => lowerPriority(2 ** 22 + 1, 10)).not.toThrow()
})
