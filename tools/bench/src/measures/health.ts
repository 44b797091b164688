import { setTimeout as pause } from 'node:timers/promises'
import type { Readings } from '../report/compare.js'

const INTERVAL_MS = 10

/**
 * Requests `/healthz` at a steady rate, whether or not earlier responses have arrived: otherwise a server that stands
 * still would get one slow request instead of many.
 */
export function pollHealth(url: string): { stop(): Promise<Readings> } {
  const times: number[] = []
  const failures: string[] = []
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
    try {
      const response = await fetch(`${url}healthz`)
      await response.arrayBuffer()
      if (response.status === 200) times.push(performance.now() - startedAt)
      else failures.push(`status ${response.status}`)
    } catch (error) {
      failures.push(String((error as Error).cause ?? error))
    }
  }

  return {
    async stop() {
      isStopped = true
      await polling
      if (failures.length > 0 || times.length === 0)
        throw new Error(`${failures.length} requests of /healthz failed: ${failures[0]}`)
      const sorted = times.toSorted((one, other) => one - other)
      const at = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
      return { 'p50 ms': at(0.5), 'p99 ms': at(0.99), 'max ms': at(1) }
    },
  }
}
