// Reads lists with several clients: `list-load URL CLIENTS FILE`. Each takes the next path and query of the JSON file as
// soon as its response has arrived. Prints a `ListLoad`.
import { readFileSync } from 'node:fs'
import type { ListLoad } from '../rig/programs.js'

const WARMING_REQUESTS = 50

const [url = '', clients, file = ''] = process.argv.slice(2)
const requests = JSON.parse(readFileSync(file, 'utf8')) as string[]
const next = requests.values()
const times: number[] = []
let items = 0

// What a client does first it does slowly.
for (let request = 0; request < WARMING_REQUESTS; request += 1) await (await fetch(`${url}healthz`)).text()
await Promise.all(Array.from({ length: Number(clients) }, readLists))
const sorted = times.toSorted((one, other) => one - other)
const percentile = (part: number) => sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
const [p50, p99, slowestMs] = [percentile(0.5), percentile(0.99), percentile(1)]
const load: ListLoad = { pages: requests.length, items, p50, p99, slowestMs }
process.stdout.write(JSON.stringify(load))

async function readLists(): Promise<void> {
  for (const request of next) {
    const startedAt = performance.now()
    const response = await fetch(url + request)
    const page = (await response.json()) as object[] | object
    if (response.status !== 200) throw new Error(`GET /${request} responded with ${response.status}`)
    items += Array.isArray(page) ? page.length : 1
    times.push(performance.now() - startedAt)
  }
}
