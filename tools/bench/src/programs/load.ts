// Sends the next request as soon as a response arrives: `load URLS POST|GET|PATCH CONNECTIONS SECONDS [IDS]`. Prints a
// `Load`. URLS are those of one or more servers, separated by commas, with the same path; the connections are spread over
// them. `{id}` in it is replaced by one id after the other, of which IDS is the first, the step and the number.
import autocannon, { type Request, type Result } from 'autocannon'
import { makeMessage } from '../data/messages.js'
import type { Load } from '../rig/programs.js'

const WARM_UP_SECONDS = 0.5
/** gitmsg accepts 1,000 and announces the end with `Connection: close`, which autocannon ignores. */
const REQUESTS_PER_CONNECTION = 900
/** Far apart, so that consecutive requests read different pages of the database. */
const STRIDE = 7919
/** No stored message has so high a number, so every edit changes something. */
const FIRST_EDIT = 1_000_000_000
const [urls = '', method = '', connections, seconds, ids = ''] = process.argv.slice(2)
const [firstId = 0, step = 0, idCount = 1] = ids.split(':').map(Number)
const servers = urls.split(',').map((url) => new URL(url))
const [{ pathname, search }] = servers as [URL]
const path = decodeURI(pathname + search)
let successes = 0
let sent = 0

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

/** The body of each request and, if there are ids, what makes each of them different. */
function variation(): Partial<Request> {
  const headers = { 'content-type': 'application/json' }
  const bodyOf = (message: object) => (method === 'GET' ? {} : { headers, body: JSON.stringify(message) })
  if (ids === '') return bodyOf(makeMessage(0))
  return {
    ...bodyOf({}),
    setupRequest(request) {
      sent += 1
      const id = firstId + step * ((sent * STRIDE) % idCount)
      const { content } = makeMessage(FIRST_EDIT + sent)
      return { ...request, ...bodyOf({ content }), path: path.replace('{id}', String(id)) }
    },
  }
}

async function sendRequests(duration: number) {
  const milliseconds: number[] = []
  const startedAt = performance.now()
  const results = await Promise.all(
    servers.map(({ origin }, index) => {
      const share = Math.ceil((Number(connections) - index) / servers.length)
      return sendTo(origin, { share, duration, onResponse: (time) => milliseconds.push(time) })
    }),
  )
  for (const { non2xx, errors } of results) {
    if (non2xx + errors > 0) throw new Error(`${non2xx} responses were not 2xx, ${errors} requests failed`)
  }
  successes += milliseconds.length
  return { milliseconds, elapsed: (performance.now() - startedAt) / 1000 }
}

function sendTo(
  url: string,
  { share, duration, onResponse }: { share: number; duration: number; onResponse: (time: number) => void },
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const instance = autocannon(
      {
        url,
        requests: [{ method: method as 'POST' | 'GET' | 'PATCH', path, ...variation() }],
        connections: share,
        duration,
        reconnectRate: REQUESTS_PER_CONNECTION,
      },
      (error, result) => (error ? reject(error) : resolve(result)),
    )
    instance.on('response', (_client, _status, _bytes, time) => onResponse(time))
  })
}
