// Reads lists with several clients: `list-load URL CLIENTS FILE`. Each takes the next query string of the JSON file as
// soon as its response has arrived. Prints a `ListLoad`.
import { readFileSync } from 'node:fs'
import type { ListLoad } from '../rig/programs.js'

const [url = '', clients, file = ''] = process.argv.slice(2)
const queries = JSON.parse(readFileSync(file, 'utf8')) as string[]
const next = queries.values()
let messages = 0
let slowestMs = 0

await Promise.all(Array.from({ length: Number(clients) }, readLists))
const load: ListLoad = { pages: queries.length, messages, slowestMs }
process.stdout.write(JSON.stringify(load))

async function readLists(): Promise<void> {
  for (const query of next) {
    const startedAt = performance.now()
    const response = await fetch(`${url}messages?${query}`)
    const page = (await response.json()) as object[]
    if (response.status !== 200) throw new Error(`GET /messages?${query} responded with ${response.status}`)
    messages += page.length
    slowestMs = Math.max(slowestMs, performance.now() - startedAt)
  }
}
