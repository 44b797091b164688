import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { append } from '../../git-backend.js'
import { draft, readAll } from '../../testing/drafts.js'
import { createGitWrapper } from '../testing/git-wrapper.js'
import { withLocalFixture } from '../testing/local-fixture.js'
import { lowerPriority } from './process-priority.js'

describe('lowerPriority', () => {
  it(
    'lowers the priority of fast-import, within its session and of its session',
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
      // Without root, Linux limits how often it may change.
      const isRoot = process.getuid?.() === 0
      if (isRoot && existsSync('/proc/sys/kernel/sched_autogroup_enabled'))
        expect(autogroup).toMatch(/ nice 10$/)
    }),
  )

  it('ignores a process that has exited', () => {
    expect(() => lowerPriority(2 ** 22 + 1, 10)).not.toThrow()
  })
})

describe.runIf(process.platform === 'linux')('preferToKill', () => {
  it(
    'has git killed before this process when memory runs out',
    withLocalFixture(async ({ folder, open }) => {
      await append(open('other.git'), { parent: null, commits: [draft('one')] })
      const wrapper = await createGitWrapper(
        folder,
        `if [ "$1" = log ]; then fault; sleep 0.2; cat /proc/self/oom_score_adj > '${folder}/seen'; fi`,
      )
      expect(await readAll(open('copy.git', wrapper))).toHaveLength(1)
      expect(await wrapper.faults()).toBe(1)
      expect(Number(await readFile(join(folder, 'seen'), 'utf8'))).toBeGreaterThanOrEqual(500)
    }),
  )
})
