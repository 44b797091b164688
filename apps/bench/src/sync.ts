import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createEngine } from '@gitmsg/core'
import { createMemoryBackend } from '@gitmsg/git-sync'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { openStore, type Store } from '@gitmsg/store'
import { simpleGit } from 'simple-git'
import { type Comparison, compare } from './compare.js'
import { inTemporaryFolder, perSecond } from './temporary-folder.js'

const shell = promisify(execFile)
/** The naive way is far too slow for as many. */
const NAIVE_COUNT = 60

/** Messages a second from a backlog into a local repository, one commit each. */
export function compareSync(count: number, rounds: number): Promise<Comparison> {
  return inTemporaryFolder(async (folder) => {
    const stream = join(folder, 'commits')
    let round = 0
    return compare(`sync of ${count} messages`, {
      unit: 'messages/s',
      rounds,
      contenders: [
        {
          name: 'gitmsg',
          async run() {
            round += 1
            const data = join(folder, `gitmsg-${round}`)
            const figure = await syncBacklog(data, count)
            // The same commits, for git alone.
            const repository = join(data, 'repository.git')
            await shell('sh', ['-c', 'git -C "$0" fast-export main > "$1"', repository, stream])
            return figure
          },
        },
        {
          name: 'git fast-import',
          async run() {
            const repository = join(folder, `git-${round}.git`)
            await shell('git', ['init', '--quiet', '--bare', repository])
            const command = 'git -c core.fsync=all -C "$0" fast-import --quiet < "$1"'
            return perSecond(count, () => shell('sh', ['-c', command, repository, stream]))
          },
        },
        { name: 'add and commit each', run: () => commitEach(join(folder, `naive-${round}`)) },
      ],
    })
  })
}

async function syncBacklog(data: string, count: number): Promise<number> {
  await using store = await openStore({ path: join(data, 'gitmsg.db') })
  await fill(store, count)
  const backend = createLocalBackend({ directory: join(data, 'repository.git'), environment: process.env })
  try {
    return await perSecond(count, async () => {
      const engine = createEngine({ store, backend })
      const { pending, last_error } = await engine.sync()
      if (pending > 0) throw new Error(last_error?.message ?? 'something stayed pending')
      await engine.close()
    })
  } finally {
    await backend.close()
  }
}

/** Posts messages through an engine whose dispatcher has nothing to write to yet. */
async function fill(store: Store, count: number): Promise<void> {
  const lock = store.acquireSyncLock()
  const engine = createEngine({ store, backend: createMemoryBackend() })
  for (let start = 0; start < count; start += 500) {
    const numbers = Array.from({ length: Math.min(500, count - start) }, (_, index) => start + index)
    await Promise.all(
      numbers.map((number) => engine.post({ content: `message ${number} `.repeat(10), sender: 'alice' })),
    )
  }
  await engine.close()
  lock?.release()
}

async function commitEach(folder: string): Promise<number> {
  await shell('git', ['init', '--quiet', folder])
  const git = simpleGit(folder).addConfig('user.name', 'bench')
  await git.addConfig('user.email', 'bench@gitmsg.invalid')
  return perSecond(NAIVE_COUNT, async () => {
    for (let number = 0; number < NAIVE_COUNT; number += 1) {
      await writeFile(
        join(folder, `${number}.json`),
        JSON.stringify({ content: `message ${number} `.repeat(10) }),
      )
      await git.add(`${number}.json`)
      await git.commit(`Message ${number} from alice`)
    }
  })
}
