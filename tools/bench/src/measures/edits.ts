import { join } from 'node:path'
import { countVersions } from '../data/conversations.js'
import { threadIds } from '../data/fixtures.js'
import { onCopy } from '../data/folders.js'
import type { Readings } from '../report/compare.js'
import { watchBranch } from '../rig/branch-watch.js'
import { runLoad } from '../rig/programs.js'
import { gitmsg } from '../rig/services.js'

const CONNECTIONS = 8

export interface EditOptions {
  /** A folder with `size` messages in threads. */
  readonly fixture: string
  readonly size: number
  readonly seconds: number
}

/** Measures durable responses to PATCH, each for another message, while the edits are committed. */
export function measureEdits({ fixture, size, seconds }: EditOptions): Promise<Readings> {
  return onCopy(fixture, gitmsg.needs, async (folder) => {
    const database = join(folder, gitmsg.database)
    const before = countVersions(database)
    const branch = await watchBranch(join(folder, 'repository.git'))
    const server = await gitmsg.start(folder)
    try {
      const url = `${server.url}messages/{id}`
      const load = await runLoad({
        ...{ url, method: 'PATCH', connections: CONNECTIONS, seconds },
        ids: threadIds(size),
      })
      const readings = { 'edits/s': load.perSecond, 'p50 ms': load.p50, 'p99 ms': load.p99 }
      await branch.moved()
      await server.stop()
      const made = countVersions(database) - before
      if (load.successes === 0 || made < load.successes)
        throw new Error(`${load.successes} edits were acknowledged and ${made} versions stored`)
      return readings
    } finally {
      await server.stop()
    }
  })
}
