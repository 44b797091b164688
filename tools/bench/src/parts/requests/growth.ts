import { measureJourneys, measureScripts } from '../../measures/journeys.js'
import { measurePosts } from '../../measures/posts.js'
import { measureReads } from '../../measures/reads.js'
import { barePush, fastImport, gitmsgSync } from '../../measures/sync-contenders.js'
import { type Comparison, type Contender, compare } from '../../report/compare.js'
import { bareServer, gitmsg } from '../../rig/services.js'
import { type Bench, baseSize, formatCount, nameAtSize, type Part } from '../part.js'
import { pages } from './read.js'

const CONNECTIONS = 8
const BATCH = 1_000

/** One kind of work and the contenders that do it when `size` messages are stored already. */
interface Work {
  readonly id: string
  readonly what: string
  contenders(bench: Bench, size: number): Promise<Contender[]>
}

const posts: Work = {
  id: 'growth-post',
  what: `posts on ${CONNECTIONS} connections`,
  async contenders({ fixtures, seconds }, size) {
    const options = { fixture: await fixtures.synchronized(size), connections: CONNECTIONS, seconds }
    return [gitmsg, bareServer].map((service) => ({
      name: service.name,
      run: () => measurePosts(service, options),
    }))
  },
}

const reads: Work[] = pages(0).map(({ id, what }, index) => ({
  id: `growth-read-${id}`,
  what: `reads of ${what}`,
  async contenders({ fixtures, seconds }, size) {
    if (size === 0) return [] // an empty page cannot be compared with a full one
    const { path = '' } = pages(size)[index] ?? {}
    const options = { fixture: await fixtures.synchronized(size), path, seconds }
    return [{ name: gitmsg.name, run: () => measureReads(gitmsg, options) }]
  },
}))

const syncs: Work = {
  id: 'growth-sync',
  what: `sync of ${formatCount(BATCH)} messages into a repository`,
  async contenders({ fixtures }, size) {
    const backlog = await fixtures.backlog(size, BATCH)
    return [gitmsgSync(backlog), fastImport(backlog)]
  },
}

const pushes: Work = {
  id: 'growth-push',
  what: `sync of ${formatCount(BATCH)} messages to a file remote`,
  async contenders({ fixtures }, size) {
    const backlog = await fixtures.backlog(size, BATCH)
    return [gitmsgSync(backlog, { remote: true }), barePush(backlog)]
  },
}

const journeys: Work = {
  id: 'growth-journey',
  what: 'journey of a message to a file remote',
  async contenders({ fixtures }, size) {
    const options = { fixture: await fixtures.synchronized(size), size }
    return [
      { name: 'gitmsg', run: () => measureJourneys(options) },
      { name: 'git fast-import and push', run: () => measureScripts(options) },
    ]
  },
}

/** The same work with more and more messages stored already. All sizes take turns. */
export const growth: Part = {
  name: 'growth',
  title: 'how costs grow with the messages in the database and in the repository',
  async run(bench) {
    const base = baseSize(bench)
    // The others are compared with the first one.
    const sizes = [base, ...bench.sizes.filter((size) => size !== base)]
    const comparisons: Comparison[] = []
    for (const { id, what, contenders } of [posts, ...reads, syncs, pushes, journeys]) {
      const all: Contender[] = []
      for (const size of sizes) {
        const found = await contenders(bench, size)
        all.push(...found.map(({ name, run }) => ({ name: nameAtSize(name, size), run })))
      }
      comparisons.push(
        await compare({ id, what: `growth: ${what}` }, { rounds: bench.rounds, contenders: all }),
      )
    }
    return comparisons
  },
}
