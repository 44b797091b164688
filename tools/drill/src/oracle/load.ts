import type { EventType, History } from '../rig/history.js'
import type { SeededRandom } from '../rig/seeded-random.js'
import { pause } from '../rig/wait.js'
import { post } from './api-client.js'

/** Statuses that promise nothing: the server does not know itself what became of the message. */
const UNCLEAR = 500

export interface LoadOptions {
  /** Where to post; a list is taken in turns. */
  readonly urls: readonly string[]
  readonly clients: number
  readonly random: SeededRandom
  readonly history: History
  /** Milliseconds that a client rests between two posts. Default: 0. */
  readonly rest?: number
}

/** Clients that post without end. */
export interface Load {
  /** How many posts were answered, by status; 0: not at all. */
  readonly answers: ReadonlyMap<number, number>
  /** Milliseconds that each acknowledged post took. */
  readonly latencies: readonly number[]
  stop(): Promise<void>
}

/** Lets clients post until they are stopped; one that gets no answer rests a little, and goes on. */
export function startLoad({ urls, clients, random, history, rest = 0 }: LoadOptions): Load {
  const answers = new Map<number, number>()
  const latencies: number[] = []
  let stopped = false

  async function runClient(url: string): Promise<void> {
    while (!stopped) {
      const startedAt = performance.now()
      const status = await postOne(url, { random, history })
      answers.set(status, (answers.get(status) ?? 0) + 1)
      if (status === 201) latencies.push(performance.now() - startedAt)
      await pause(status === 201 ? rest : rest + 20)
    }
  }
  const running = Array.from({ length: clients }, (_, client) =>
    runClient(urls[client % urls.length] as string),
  )

  return {
    answers,
    latencies,
    async stop() {
      stopped = true
      await Promise.all(running)
    },
  }
}

/** Posts one message of chance and remembers it; the status, or 0 when no answer came. */
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
  return status === UNCLEAR ? 'unknown' : 'fail'
}

/** The value that so many of a hundred do not exceed, to a tenth. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  const value = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN
  return Math.round(value * 10) / 10
}
