import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lengthenSome } from '../data/conversations.js'
import { combineFilters } from '../data/filters.js'
import { onCopy } from '../data/folders.js'
import { pollHealth } from '../measures/health.js'
import { compare, type Readings } from '../report/compare.js'
import { runListLoad } from '../rig/programs.js'
import { gitmsg } from '../rig/services.js'
import { formatCount, nameAtSize, type Part } from './part.js'

const CLIENTS = 5

/** Whether a request can hold up the others. */
export const isolation: Part = {
  name: 'isolation',
  title: 'GET /healthz while 5 clients list messages with every combination of filters',
  async run({ fixtures, sizes, rounds, seconds }) {
    const size = sizes.at(-1) ?? 0
    const fixture = await fixtures.conversations(size)
    const contenders = [
      { name: nameAtSize('gitmsg', size), run: (round: number) => measureIsolation(fixture, round) },
      { name: 'no lists', run: () => measureIdle(fixture, seconds) },
    ]
    const what = `/healthz with ${CLIENTS} clients that list ${formatCount(size)} messages`
    return [await compare({ id: 'isolation', what }, { rounds, contenders })]
  },
}

const measureIsolation = (fixture: string, round: number): Promise<Readings> =>
  onCopy(fixture, gitmsg.needs, async (folder) => {
    const database = join(folder, gitmsg.database)
    lengthenSome(database)
    const requests = combineFilters(database, round).map((query) => `messages?${query}`)
    const file = join(folder, 'requests.json')
    await writeFile(file, JSON.stringify(requests))
    const server = await gitmsg.start(folder)
    const health = pollHealth(server.url)
    try {
      const startedAt = performance.now()
      const { pages, items, slowestMs } = await runListLoad(server.url, CLIENTS, file)
      const elapsed = (performance.now() - startedAt) / 1000
      if (items === 0) throw new Error('No list had a message')
      return { ...(await health.stop()), 'lists/s': pages / elapsed, 'slowest list ms': slowestMs }
    } finally {
      await health.stop()
      await server.stop()
    }
  })

/** What the machine and the measurement cost by themselves. */
const measureIdle = (fixture: string, seconds: number): Promise<Readings> =>
  onCopy(fixture, gitmsg.needs, async (folder) => {
    const server = await gitmsg.start(folder)
    const health = pollHealth(server.url)
    await new Promise((resolve) => setTimeout(resolve, Math.max(seconds, 3) * 1000))
    const readings = await health.stop()
    await server.stop()
    return readings
  })
