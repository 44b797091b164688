import { onCopy } from '../data/folders.js'
import { compare, type Readings } from '../report/compare.js'
import { bareServer, gitmsg, type Service } from '../rig/services.js'
import { nameAtSize, type Part } from './part.js'

/** More than elsewhere: a start is short, so other work on the machine distorts it more. */
const ROUNDS = 5

/** From the start of the process until it serves. */
export const start: Part = {
  name: 'start',
  title: 'from the start of the process until it serves, beside a bare server',
  async run({ fixtures, sizes }) {
    const contenders = []
    for (const service of [gitmsg, bareServer]) {
      for (const size of sizes) {
        const fixture = await fixtures.synchronized(size)
        contenders.push({ name: nameAtSize(service.name, size), run: () => measureStart(service, fixture) })
      }
    }
    return [await compare({ id: 'start', what: 'start' }, { rounds: ROUNDS, contenders })]
  },
}

const measureStart = (service: Service, fixture: string): Promise<Readings> =>
  onCopy(fixture, service.needs, async (folder) => {
    const server = await service.start(folder)
    const readings = { ms: server.readyAfterMs, 'peak MiB': server.peak() }
    const { status } = await fetch(`${server.url}messages?limit=1`)
    await server.stop()
    if (status !== 200) throw new Error(`${service.name} started and responded with ${status}`)
    return readings
  })
