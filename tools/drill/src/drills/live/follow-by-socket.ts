import { createClient } from '@gitmsg/client'
import { WebSocket } from 'ws'
import type { SeededRandom } from '../../rig/seeded-random.js'
import { createLedger, type Follower, type FollowOptions } from './follower.js'

/** More than a drill posts. */
const LIMIT = 100_000

/** Follows with `@gitmsg/client`: the ledger has what its iteration yields. */
export function followBySocket(
  { url, start, clockSpeed }: FollowOptions,
  { random }: { random: SeededRandom },
): Follower {
  const ledger = createLedger()
  const client = createClient({
    url,
    WebSocket,
    random: () => random.integer(0, 999) / 1_000,
    timers: {
      now: () => Date.now() * clockSpeed,
      setTimeout: (callback, delayMs) => setTimeout(callback, delayMs / clockSpeed),
      clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
    },
  })
  const live = client.live({ after: start, limit: LIMIT })
  void read()

  async function read(): Promise<void> {
    for await (const message of live) ledger.add(message)
  }

  return { ledger, shown: () => live.messages, stop: () => void live.close() }
}
