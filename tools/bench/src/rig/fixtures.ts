import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { runSync } from '../measures/sync-run.js'
import { copyToBareDatabase } from './bare-database.js'
import { fill } from './fill.js'
import { copyFixture } from './folders.js'
import { git, tipOf } from './git.js'

/** Pending messages on top of synchronized ones. */
export interface Backlog {
  /** As {@link Fixtures.synchronized}, and the pending messages in `gitmsg.db`. */
  readonly folder: string
  readonly count: number
  /** A repository that has them all, made by gitmsg. */
  readonly complete: string
  /** Where the branch is before; `null` where nothing is synchronized yet. */
  readonly base: string | null
  /** Where every contender's branch must be in the end. */
  readonly tip: string
}

/** Folders to start from, each made once. They must not be written to: every run takes a copy. */
export interface Fixtures {
  /**
   * So many messages, all synchronized: a data folder of gitmsg (`gitmsg.db`, `repository.git`), with a stock remote
   * at the same commit (`remote.git`) and the same messages for the reference server (`bare.db`).
   */
  synchronized(size: number): Promise<string>
  backlog(size: number, count: number): Promise<Backlog>
}

/** Keeps the folders in `root`, and takes what it finds there to be what an earlier run made. */
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
      await fill(folder, 0, size)
      await runSync(folder)
      // As gitmsg does in the background now and then: else every copy might have to.
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
        await fill(join(unfinished, 'pending'), size, count)
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
