import { onCopy } from '../data/folders.js'
import type { Readings } from '../report/compare.js'
import { type Ids, runLoad } from '../rig/programs.js'
import type { Service } from '../rig/services.js'

const CONNECTIONS = 8
const PAGE_SIZE = 50

export interface ReadOptions {
  /** A folder with the messages to read. */
  readonly fixture: string
  /** The path and query of `GET`, in which `{id}` is replaced by each of the `ids` in turn. */
  readonly path: string
  readonly ids?: Ids
  readonly seconds: number
}

/** Measures pages a second and their latencies. */
export function measureReads(
  service: Service,
  { fixture, path, ids, seconds }: ReadOptions,
): Promise<Readings> {
  return onServer(service, fixture, async ({ url, peak }) => {
    const load = await runLoad({ url: url + path, method: 'GET', connections: CONNECTIONS, seconds, ids })
    return { 'pages/s': load.perSecond, 'p50 ms': load.p50, 'p99 ms': load.p99, 'peak MiB': peak() }
  })
}

/** Throws unless all services respond with the same 50 messages, field by field. */
export async function assertSamePages(
  services: readonly Service[],
  { fixture, path }: Pick<ReadOptions, 'fixture' | 'path'>,
): Promise<void> {
  const pages: string[] = []
  for (const service of services) {
    const page = await onServer(service, fixture, async ({ url }) => (await fetch(url + path)).json())
    const messages = page as object[]
    if (messages.length !== PAGE_SIZE)
      throw new Error(`${service.name} returns ${messages.length} messages for ${path}`)
    pages.push(JSON.stringify(messages))
  }
  if (new Set(pages).size > 1) throw new Error(`The servers return different messages for ${path}`)
}

function onServer<Result>(
  service: Service,
  fixture: string,
  work: (server: { url: string; peak: () => number }) => Promise<Result>,
): Promise<Result> {
  return onCopy(fixture, service.needs, async (folder) => {
    const server = await service.start(folder)
    try {
      return await work(server)
    } finally {
      await server.stop()
    }
  })
}
