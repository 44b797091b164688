import { compare } from '../compare.js'
import { measurePosts } from '../measures/posts.js'
import type { Part } from '../part.js'
import {
  bareKoaServer,
  bareServer,
  bareServerGrouped,
  gitmsg,
  gitmsgNotSyncing,
  gitmsgWithRemote,
} from '../rig/services.js'

const CONNECTIONS = [1, 8, 64]
const SERVICES = [gitmsg, gitmsgNotSyncing, gitmsgWithRemote, bareServer, bareServerGrouped, bareKoaServer]

/** Durable answers to POST /messages, with the synchronization beside and without. */
export const post: Part = {
  name: 'post',
  title: 'posts a second and how long they take, beside a bare server as durable as gitmsg',
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
