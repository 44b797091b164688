import type { Readings } from '../compare.js'
import { onCopy } from '../rig/folders.js'
import type { Service } from '../rig/services.js'
import { runLoad } from './load.js'

const CONNECTIONS = 8

export interface ReadOptions {
  /** The messages to read. */
  readonly fixture: string
  /** The page to ask for: what follows `GET /messages?`. */
  readonly query: string
  readonly seconds: number
}

/** Pages a second, and how long they took. */
export function measureReads(service: Service, { fixture, query, seconds }: ReadOptions): Promise<Readings> {
  return onServer(service, fixture, async ({ url, peak }) => {
    const load = await runLoad({
      url: `${url}messages?${query}`,
      method: 'GET',
      connections: CONNECTIONS,
      seconds,
    })
    return { 'pages/s': load.perSecond, 'p50 ms': load.p50, 'p99 ms': load.p99, 'peak MiB': peak() }
  })
}

/** Throws unless all services answer the same 50 messages, field by field. */
export async function assertSameAnswers(
  services: readonly Service[],
  { fixture, query }: Pick<ReadOptions, 'fixture' | 'query'>,
): Promise<void> {
  const answers: string[] = []
  for (const service of services) {
    const answer = await onServer(service, fixture, async ({ url }) =>
      (await fetch(`${url}messages?${query}`)).json(),
    )
    const messages = answer as object[]
    if (messages.length !== 50)
      throw new Error(`${service.name} answers ${messages.length} messages to ${query}`)
    answers.push(JSON.stringify(messages))
  }
  if (new Set(answers).size > 1) throw new Error(`The servers do not answer the same to ${query}`)
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
