import { setTimeout as pause } from 'node:timers/promises'
import { onCopy } from '../data/folders.js'
import type { Readings } from '../report/compare.js'
import { forkProgram } from '../rig/forked-program.js'
import { startLive } from '../rig/services.js'
import { pollHealth } from './health.js'

const IDLE_MS = 3_000

export interface ReturnOptions {
  readonly fixture: string
  /** How many clients return. 0: what the machine and the measurement cost by themselves. */
  readonly clients: number
}

/** The response times of `/healthz` after a kill and a start, while all clients of the live channel reconnect. */
export const measureReturn = ({ fixture, clients }: ReturnOptions): Promise<Readings> =>
  onCopy(fixture, 'gitmsg', async (folder) => {
    const first = await startLive(folder)
    const port = Number(new URL(first.url).port)
    const program = forkProgram('returning-clients', first.url, String(clients))
    try {
      if (clients > 0) await program.receive()
      await first.stop()
      const server = await startLive(folder, { port })
      const health = pollHealth(server.url)
      try {
        const startedAt = performance.now()
        if (clients > 0) await program.receive()
        else await pause(IDLE_MS)
        const seconds = (performance.now() - startedAt) / 1000
        return { ...(await health.stop()), 'all back after s': seconds }
      } finally {
        await health.stop().catch(() => {})
        await server.stop()
      }
    } finally {
      await first.stop()
      await program.stop()
    }
  })
