import { join } from 'node:path'
import type { Readings } from '../compare.js'
import { countMessages } from '../rig/bare-database.js'
import { onCopy } from '../rig/folders.js'
import type { Service } from '../rig/services.js'
import { runLoad } from './load.js'

export interface PostOptions {
  /** The messages that are there already. */
  readonly fixture: string
  readonly connections: number
  readonly seconds: number
}

/** Durable answers to POST /messages a second, and how long they took. */
export function measurePosts(
  service: Service,
  { fixture, connections, seconds }: PostOptions,
): Promise<Readings> {
  return onCopy(fixture, service.needs, async (folder) => {
    const database = join(folder, service.database)
    const before = countMessages(database)
    const server = await service.start(folder)
    try {
      const url = `${server.url}messages`
      const load = await runLoad({ url, method: 'POST', connections, seconds })
      const readings = {
        'posts/s': load.perSecond,
        'p50 ms': load.p50,
        'p99 ms': load.p99,
        'peak MiB': server.peak(),
      }
      await server.stop()
      assertStored(service, { before, after: countMessages(database), answered: load.answered })
      return readings
    } finally {
      await server.stop()
    }
  })
}

type Counts = ReturnType<typeof countMessages>

/** The last requests of a load may be stored without having been answered, never the other way round. */
function assertStored(
  { name, synchronizes }: Service,
  { before, after, answered }: { before: Counts; after: Counts; answered: number },
): void {
  const stored = after.stored - before.stored
  if (answered === 0 || stored < answered) {
    throw new Error(`${name} answered ${answered} posts and stored ${stored}`)
  }
  if (synchronizes !== after.synchronized > before.synchronized) {
    throw new Error(`${name} synchronized ${after.synchronized - before.synchronized} messages`)
  }
}
