import { measurePosts } from '../../measures/posts.js'
import { compare } from '../../report/compare.js'
import {
  bareKoaServer,
  bareServer,
  bareServerGrouped,
  gitmsg,
  gitmsgNotSyncing,
  gitmsgWithRemote,
} from '../../rig/services.js'
import type { Part } from '../part.js'

const CONNECTIONS = [1, 8, 64]
const SERVICES = [gitmsg, gitmsgNotSyncing, gitmsgWithRemote, bareServer, bareServerGrouped, bareKoaServer]

/** Durable responses to POST /messages, with and without synchronization at the same time. */
export const post: Part = {
  name: 'post',
  title: 'posts a second and their latency, beside an equally durable bare server',
  async run({ fixtures, rounds, seconds }) {
    const fixture = await fixtures.synchronized(0)
    const comparisons = []
    for (const connections of CONNECTIONS) {
      const contenders = SERVICES.map((service) => ({
        name: service.name,
        run: () => measurePosts(service, { fixture, connections, seconds }),
      }))
      const what = `posts on ${connections} ${connections === 1 ? 'connection' : 'connections'}`
      comparisons.push(await compare({ id: `post-${connections}`, what }, { rounds, contenders }))
    }
    return comparisons
  },
}
