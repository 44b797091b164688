import { join } from 'node:path'
import type { Readings } from '../report/compare.js'
import { countVersions } from '../rig/conversations.js'
import { threadIds } from '../rig/fixtures.js'
import { onCopy } from '../rig/folders.js'
import { tipOf } from '../rig/git.js'
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
    const [database, repository] = [join(folder, gitmsg.database), join(folder, 'repository.git')]
    const [before, tip] = [countVersions(database), await tipOf(repository)]
    const server = await gitmsg.start(folder)
    try {
      const url = `${server.url}messages/{id}`
      const load = await runLoad({
        ...{ url, method: 'PATCH', connections: CONNECTIONS, seconds },
        ids: threadIds(size),
      })
      const readings = { 'edits/s': load.perSecond, 'p50 ms': load.p50, 'p99 ms': load.p99 }
      await server.stop()
      const made = countVersions(database) - before
      if (load.successes === 0 || made < load.successes)
        throw new Error(`${load.successes} edits were acknowledged and ${made} versions stored`)
      if ((await tipOf(repository)) === tip) throw new Error('No edit was committed')
      return readings
    } finally {
      await server.stop()
    }
  })
}
