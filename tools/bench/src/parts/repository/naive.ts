import { join } from 'node:path'
import { copyTree, inTemporaryFolder } from '../../data/folders.js'
import { checkOut, commitEach } from '../../measures/naive.js'
import { gitmsgSync } from '../../measures/sync-contenders.js'
import { compare } from '../../report/compare.js'
import { git } from '../../rig/git.js'
import { formatCount, type Part } from '../part.js'

/** A work tree with more files than this takes minutes to check out. */
const MAX_FILES = 100_000

/** The obvious first version: one `git add` and `git commit` for each message. */
export const naive: Part = {
  name: 'naive',
  title: 'a backlog, beside add and commit (and push) of each message with simple-git',
  run: ({ fixtures, messages, rounds, sizes }) =>
    inTemporaryFolder(async (folder) => {
      const size = sizes.findLast((size) => size <= MAX_FILES) ?? 0
      const fixture = await fixtures.synchronized(size)
      const backlog = await fixtures.backlog(size, messages)
      await copyTree(join(fixture, 'remote.git'), join(folder, 'remote.git'))
      await checkOut(join(folder, 'remote.git'), join(folder, 'tree'))

      const comparisons = []
      for (const push of [false, true]) {
        const name = push ? 'add, commit and push each' : 'add and commit each'
        const where = push ? 'to a file remote' : 'into a repository'
        const contenders = [
          gitmsgSync(backlog, { remote: push }),
          { name, run: () => commitEach(join(folder, 'tree'), { push }) },
        ]
        const what = `sync ${where} of ${formatCount(size)} messages, beside the naive version`
        comparisons.push(
          await compare({ id: `naive${push ? '-push' : ''}-${size}`, what }, { rounds, contenders }),
        )
        // Otherwise the first push of the next comparison would include the commits of this one.
        await git(join(folder, 'tree'), 'push', '--quiet', 'origin', 'main')
      }
      return comparisons
    }),
}
