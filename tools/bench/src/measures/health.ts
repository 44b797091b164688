import { setTimeout as pause } from 'node:timers/promises'
import type { Readings } from '../report/compare.js'

const INTERVAL_MS = 10

/**
 * Requests `/healthz` at a steady rate, whether or not earlier responses have arrived: otherwise a server that stands
 * still would get one slow request instead of many.
 */
export function pollHealth(url: string): { stop(): Promise<Readings> } {
  const times: number[] = []
  let failed = 0
  let isStopped = false
  const polling = poll()

  async function poll(): Promise<void> {
    const requests: Promise<void>[] = []
    while (!isStopped) {
      requests.push(request())
      await pause(INTERVAL_MS)
    }
    await Promise.all(requests)
  }

  async function request(): Promise<void> {
    const startedAt = performance.now()
    const response = await fetch(`${url}healthz`).catch(() => null)
    await response?.arrayBuffer()
    if (response?.status === 200) times.push(performance.now() - startedAt)
    else failed += 1
  }

  return {
    async stop() {
      isStopped = true
      await polling
      if (failed > 0 || times.length === 0) throw new Error(`${failed} requests of /healthz failed`)
      const sorted = times.toSorted((one, other) => one - other)
      const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
      return { 'p50 ms': at(0.5), 'p99 ms': at(0.99), 'max ms': at(1) }
    },
  }
}
