// Sends the next request as soon as a response arrives: `load URL POST|GET CONNECTIONS SECONDS`. Prints a `Load`.
import autocannon, { type Result } from 'autocannon'
import { makeMessage } from '../rig/messages.js'
import type { Load } from '../rig/programs.js'

const WARM_UP_SECONDS = 0.5
/** gitmsg accepts 1,000 and announces the end with `Connection: close`, which autocannon ignores. */
const REQUESTS_PER_CONNECTION = 900
const [url = '', method = '', connections, seconds] = process.argv.slice(2)
let successes = 0

await sendRequests(WARM_UP_SECONDS)
const { milliseconds, elapsed } = await sendRequests(Number(seconds))

const sorted = milliseconds.toSorted((one, other) => one - other)
const percentile = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
const load: Load = {
  perSecond: sorted.length / elapsed,
  p50: percentile(0.5),
  p99: percentile(0.99),
  successes,
}
process.stdout.write(JSON.stringify(load))

async function sendRequests(duration: number) {
  const milliseconds: number[] = []
  const startedAt = performance.now()
  const { non2xx, errors } = await new Promise<Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url,
        method: method as 'POST' | 'GET',
        connections: Number(connections),
        duration,
        reconnectRate: REQUESTS_PER_CONNECTION,
        ...(method === 'POST' && {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(makeMessage(0)),
        }),
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    )
    instance.on('response', (_client, _status, _bytes, time) => milliseconds.push(time))
  })
  if (non2xx + errors > 0) throw new Error(`${non2xx} responses were not 2xx, ${errors} requests failed`)
  successes += milliseconds.length
  return { milliseconds, elapsed: (performance.now() - startedAt) / 1000 }
}
