import { compare, type Readings } from '../compare.js'
import type { Part } from '../part.js'
import { onCopy } from '../rig/folders.js'
import { bareServer, gitmsg, type Service } from '../rig/services.js'
import { at } from './growth.js'

/** A process is quickly started, and the machine's other work weighs the more. */
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
        contenders.push({ name: at(service.name, size), run: () => measureStart(service, fixture) })
      }
    }
    return [await compare({ id: 'start', what: 'start' }, { rounds: ROUNDS, contenders })]
  },
}

const measureStart = (service: Service, fixture: string): Promise<Readings> =>
  onCopy(fixture, service.needs, async (folder) => {
    const server = await service.start(folder)
    const readings = { ms: server.readyAfter, 'peak MiB': server.peak() }
    const answer = await fetch(`${server.url}messages?limit=1`)
    await server.stop()
    if (answer.status !== 200) throw new Error(`${service.name} started and answered ${answer.status}`)
    return readings
  })
