import type { EventType, History } from '../rig/history.js'
import type { SeededRandom } from '../rig/seeded-random.js'
import { pause } from '../rig/wait.js'
import { post } from './api-client.js'

/** The status that promises nothing: the server itself does not know the outcome. */
const UNKNOWN_OUTCOME = 500
const RETRY_MS = 20

export interface LoadOptions {
  /** Where to post. Clients are assigned to the addresses in turn. */
  readonly urls: readonly string[]
  readonly clients: number
  readonly random: SeededRandom
  readonly history: History
  /** The milliseconds between two posts of a client. Default: 0. */
  readonly pauseMs?: number
}

/** Clients that post until they are stopped. */
export interface Load {
  /** The number of responses by status; those of status 0 are missing ones. */
  readonly responses: ReadonlyMap<number, number>
  /** The milliseconds that each acknowledged post took. */
  readonly latencies: readonly number[]
  stop(): Promise<void>
}

/** Starts clients that post until they are stopped. After a failed post a client pauses and continues. */
export function startLoad({ urls, clients, random, history, pauseMs = 0 }: LoadOptions): Load {
  const responses = new Map<number, number>()
  const latencies: number[] = []
  let stopped = false

  async function runClient(url: string): Promise<void> {
    while (!stopped) {
      const startedAt = performance.now()
      const status = await postOne(url, { random, history })
      responses.set(status, (responses.get(status) ?? 0) + 1)
      if (status === 201) latencies.push(performance.now() - startedAt)
      await pause(status === 201 ? pauseMs : pauseMs + RETRY_MS)
    }
  }
  const running = Array.from({ length: clients }, (_, client) =>
    runClient(urls[client % urls.length] as string),
  )

  return {
    responses,
    latencies,
    async stop() {
      stopped = true
      await Promise.all(running)
    },
  }
}

/** Posts one random message and records it; resolves with the status, or 0 if no response arrived. */
export async function postOne(
  url: string,
  { random, history, words = '' }: { random: SeededRandom; history: History; words?: string },
): Promise<number> {
  const key = history.nextKey()
  const content = `${key} ${words}${random.text(random.integer(1, 200))}`
  history.record('invoke', key, content)
  try {
    const { status } = await post(url, content)
    history.record(outcomeOf(status), key)
    return status
  } catch {
    history.record('unknown', key)
    return 0
  }
}

function outcomeOf(status: number): EventType {
  if (status === 201) return 'ok'
  return status === UNKNOWN_OUTCOME ? 'unknown' : 'fail'
}

/** The value that `percent` % of the values do not exceed, rounded to a tenth. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  const value = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN
  return Math.round(value * 10) / 10
}
