import { join } from 'node:path'
import { compare } from '../compare.js'
import { checkOut, commitEach } from '../measures/naive.js'
import { gitmsgSync } from '../measures/sync-contenders.js'
import { inThousands, type Part } from '../part.js'
import { copyTree } from '../rig/folders.js'
import { git } from '../rig/git.js'
import { inTemporaryFolder } from '../rig/temporary-folder.js'

/** A work tree of more files than this takes minutes to check out. */
const LARGEST = 100_000

/** What everybody would write first: one `git add` and `git commit` for each message. */
export const naive: Part = {
  name: 'naive',
  title: 'a backlog, beside add and commit (and push) of each message with simple-git',
  run: ({ fixtures, messages, rounds, sizes }) =>
    inTemporaryFolder(async (folder) => {
      const size = sizes.findLast((size) => size <= LARGEST) ?? 0
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
        const what = `sync ${where} of ${inThousands(size)} messages, beside the naive way`
        comparisons.push(
          await compare({ id: `naive${push ? '-push' : ''}-${size}`, what }, { rounds, contenders }),
        )
        // The pushes of the second turn must not carry the commits of the first.
        await git(join(folder, 'tree'), 'push', '--quiet', 'origin', 'main')
      }
      return comparisons
    }),
}
