import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createEngine } from '@gitmsg/core'
import { createMemoryBackend } from '@gitmsg/git-sync'
import { openStore } from '@gitmsg/store'
import { copyToBareDatabase } from './bare-database.js'
import { copyFixture } from './folders.js'
import { git, tipOf } from './git.js'
import { makeMessage } from './messages.js'
import { runSync } from './programs.js'

/** Pending messages on top of synchronized ones. */
export interface Backlog {
  /** Like {@link Fixtures.synchronized}, with the pending messages in `gitmsg.db`. */
  readonly folder: string
  /** The number of pending messages. */
  readonly count: number
  /** A repository that gitmsg made and that has all messages. */
  readonly complete: string
  /** The tip of the branch before the sync; `null` if nothing is synchronized yet. */
  readonly base: string | null
  /** The tip that every contender's branch must have in the end. */
  readonly tip: string
}

/** Folders to start from, each made once. Never write to them: every run takes a copy. */
export interface Fixtures {
  /**
   * `size` messages, all synchronized: a data folder of gitmsg (`gitmsg.db`, `repository.git`), a default bare
   * repository at the same commit (`remote.git`) and the same messages for the reference server (`bare.db`).
   */
  synchronized(size: number): Promise<string>
  /** `size` synchronized messages and `count` pending ones. */
  backlog(size: number, count: number): Promise<Backlog>
}

/** Makes the folders in `root` and reuses those that an earlier run made there. */
export function createFixtures(root: string): Fixtures {
  async function once(name: string, make: (folder: string) => Promise<void>): Promise<string> {
    const folder = join(root, name)
    if (existsSync(folder)) return folder
    process.stderr.write(`  making ${name} messages\n`)
    const unfinished = `${folder}.unfinished`
    await rm(unfinished, { recursive: true, force: true })
    await mkdir(unfinished, { recursive: true })
    await make(unfinished)
    await rename(unfinished, folder)
    return folder
  }

  const synchronized: Fixtures['synchronized'] = (size) =>
    once(String(size), async (folder) => {
      const [database, repository] = [join(folder, 'gitmsg.db'), join(folder, 'repository.git')]
      await postPending(folder, { first: 0, count: size })
      await runSync(folder)
      // gitmsg repacks in the background now and then; without this every copy might start with it.
      await git(repository, 'repack', '--geometric=2', '-d', '-q', '--window=0')
      await git(folder, 'clone', '--quiet', '--bare', repository, join(folder, 'remote.git'))
      copyToBareDatabase(database, join(folder, 'bare.db'))
    })

  return {
    synchronized,
    async backlog(size, count) {
      const base = await synchronized(size)
      const folder = await once(`${size}+${count}`, async (unfinished) => {
        await copyFixture(base, join(unfinished, 'pending'), 'gitmsg')
        await postPending(join(unfinished, 'pending'), { first: size, count })
        await copyFixture(join(unfinished, 'pending'), join(unfinished, 'complete'), 'gitmsg')
        await runSync(join(unfinished, 'complete'))
      })
      const complete = join(folder, 'complete', 'repository.git')
      const [from, tip] = [await tipOf(join(base, 'repository.git')), await tipOf(complete)]
      if (tip === null) throw new Error('The backlog was not synchronized')
      return { folder: join(folder, 'pending'), count, complete, base: from, tip }
    },
  }
}

const POSTS_AT_ONCE = 1_000

/** Posts messages, numbered from `first`, that stay pending because the sync lock is held meanwhile. */
async function postPending(
  folder: string,
  { first, count }: { first: number; count: number },
): Promise<void> {
  await using store = await openStore({ path: join(folder, 'gitmsg.db') })
  const lock = store.acquireSyncLock()
  await using engine = createEngine({ store, backend: createMemoryBackend() })
  const end = first + count
  for (let start = first; start < end; start += POSTS_AT_ONCE) {
    const length = Math.min(POSTS_AT_ONCE, end - start)
    const numbers = Array.from({ length }, (_, index) => start + index)
    await Promise.all(numbers.map((number) => engine.post(makeMessage(number))))
  }
  lock?.release()
}
