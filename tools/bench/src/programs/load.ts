// Asks as fast as answers come, in a process of its own: `load URL POST|GET CONNECTIONS SECONDS`. Prints a `Load`.
import autocannon, { type Result } from 'autocannon'
import type { Load } from '../measures/load.js'
import { makeMessage } from '../rig/messages.js'

const WARM_UP_SECONDS = 0.5
/** gitmsg takes 1,000 and says so with `Connection: close`, which autocannon does not hear. */
const REQUESTS_PER_CONNECTION = 900
const [url = '', method = '', connections, seconds] = process.argv.slice(2)
let answered = 0

await ask(WARM_UP_SECONDS)
const { milliseconds, elapsed } = await ask(Number(seconds))

const sorted = milliseconds.toSorted((one, other) => one - other)
const percentile = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
const load: Load = {
  perSecond: sorted.length / elapsed,
  p50: percentile(0.5),
  p99: percentile(0.99),
  answered,
}
process.stdout.write(JSON.stringify(load))

async function ask(duration: number) {
  const milliseconds: number[] = []
  const began = performance.now()
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
  if (non2xx + errors > 0) throw new Error(`${non2xx} requests were refused, ${errors} failed`)
  answered += milliseconds.length
  return { milliseconds, elapsed: (performance.now() - began) / 1000 }
}
