import { assertSamePages, measureReads } from '../../measures/reads.js'
import { type Comparison, compare } from '../../report/compare.js'
import { bareServer, gitmsg } from '../../rig/services.js'
import { type Bench, baseSize, formatCount, type Part } from '../part.js'

const SERVICES = [gitmsg, bareServer]

/** The pages to read when `size` messages are stored. */
export const pages = (size: number) => [
  { id: 'latest', what: 'the latest 50', path: 'messages?limit=50' },
  { id: 'deep', what: '50 from the middle', path: `messages?limit=50&before=${Math.floor(size / 2)}` },
  { id: 'sender', what: 'the latest 50 of one sender', path: 'messages?limit=50&sender=alice' },
]

/** Pages of messages, with the same fields from every server. */
export const read: Part = {
  name: 'read',
  title: 'pages a second, beside a bare server with prepared statements',
  async run(bench: Bench): Promise<Comparison[]> {
    const { fixtures, rounds, seconds } = bench
    const size = baseSize(bench)
    const fixture = await fixtures.synchronized(size)
    const comparisons: Comparison[] = []
    for (const { id, what, path } of pages(size)) {
      await assertSamePages(SERVICES, { fixture, path })
      const contenders = SERVICES.map((service) => ({
        name: service.name,
        run: () => measureReads(service, { fixture, path, seconds }),
      }))
      const title = `reads of ${what} of ${formatCount(size)} messages`
      comparisons.push(await compare({ id: `read-${id}`, what: title }, { rounds, contenders }))
    }
    return comparisons
  },
}
