import { join } from 'node:path'
import { countMessages } from '../data/bare-database.js'
import { onCopy } from '../data/folders.js'
import type { Readings } from '../report/compare.js'
import { runLoad } from '../rig/programs.js'
import type { Service } from '../rig/services.js'

export interface PostOptions {
  /** A folder with the messages that are stored already. */
  readonly fixture: string
  readonly connections: number
  readonly seconds: number
}

/** Measures durable responses to POST /messages: how many a second, and their latencies. */
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
      assertStored(service, { before, after: countMessages(database), successes: load.successes })
      return readings
    } finally {
      await server.stop()
    }
  })
}

type Counts = ReturnType<typeof countMessages>

/** The last posts of a load may be stored without a response, but none may get a 201 without being stored. */
function assertStored(
  { name, synchronizes }: Service,
  { before, after, successes }: { before: Counts; after: Counts; successes: number },
): void {
  const stored = after.stored - before.stored
  if (successes === 0 || stored < successes) {
    throw new Error(`${name} acknowledged ${successes} posts and stored ${stored}`)
  }
  if (synchronizes !== after.synchronized > before.synchronized) {
    throw new Error(`${name} synchronized ${after.synchronized - before.synchronized} messages`)
  }
}
