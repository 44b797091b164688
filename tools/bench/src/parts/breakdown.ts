import { join } from 'node:path'
import type { Backlog } from '../data/fixtures.js'
import { onCopy } from '../data/folders.js'
import { measurePosts } from '../measures/posts.js'
import { compare, type Readings } from '../report/compare.js'
import { measureLayer, runSync } from '../rig/programs.js'
import { gitmsgNotSyncing } from '../rig/services.js'
import type { Bench, Part } from './part.js'

const AT_ONCE = 64

/** Where the time goes, measured from outside. */
export const breakdown: Part = {
  name: 'breakdown',
  title: 'where the time of a sync and of a post goes',
  run: async (bench) => [await breakDownSync(bench), await breakDownPost(bench)],
}

/** By the calls that the engine makes: the total of each phase, in milliseconds. */
async function breakDownSync({ fixtures, messages, rounds }: Bench) {
  const backlog = await fixtures.backlog(0, messages)
  const what = `phases of a sync of ${messages} messages, in ms`
  const contenders = [
    { name: 'into a repository', run: () => measurePhases(backlog, false) },
    { name: 'to a file remote', run: () => measurePhases(backlog, true) },
  ]
  return compare({ id: 'breakdown-sync', what }, { rounds, contenders })
}

const measurePhases = ({ folder }: Backlog, remote: boolean): Promise<Readings> =>
  onCopy(
    folder,
    'gitmsg',
    async (data) => (await runSync(data, remote ? join(data, 'remote.git') : undefined)).phases,
  )

/** By omitting one layer after the other: a layer costs the difference between two lines. */
async function breakDownPost({ fixtures, rounds, seconds }: Bench) {
  const fixture = await fixtures.synchronized(0)
  const overHttp = async (): Promise<Readings> => {
    const posts = await measurePosts(gitmsgNotSyncing, { fixture, connections: AT_ONCE, seconds })
    return { 'µs a post': 1e6 / (posts['posts/s'] ?? Number.NaN) }
  }
  const options = { atOnce: AT_ONCE, seconds }
  const contenders = [
    { name: 'over HTTP: request, validation, store, response', run: overHttp },
    { name: 'engine.post: validation, store', run: () => measureLayer('core', options) },
    { name: 'store.createMessage: store', run: () => measureLayer('store', options) },
    { name: 'better-sqlite3 alone', run: () => measureLayer('sqlite', options) },
  ]
  return compare(
    { id: 'breakdown-post', what: `layers of a post, ${AT_ONCE} at once` },
    { rounds, contenders },
  )
}
