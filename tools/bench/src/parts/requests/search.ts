import { join } from 'node:path'
import { searchRequests } from '../../data/search-texts.js'
import { measurePosts } from '../../measures/posts.js'
import { measureIndexSize, measureSearches, stopIndexing } from '../../measures/searches.js'
import { type Comparison, compare } from '../../report/compare.js'
import { gitmsgNotSyncing, type Service } from '../../rig/services.js'
import { type Bench, formatCount, nameAtSize, type Part } from '../part.js'

const CONNECTIONS = [1, 8, 64]

/** The same server, in whose database nothing is indexed. */
const notIndexing: Service = {
  ...gitmsgNotSyncing,
  name: 'gitmsg, not indexing',
  start(folder) {
    stopIndexing(join(folder, gitmsgNotSyncing.database))
    return gitmsgNotSyncing.start(folder)
  },
}

const indexing: Service = { ...gitmsgNotSyncing, name: 'gitmsg' }

/** Searches of every kind, and what the index costs. */
export const search: Part = {
  name: 'search',
  title: 'searches of every kind; what the index costs a post and on the disk',
  async run(bench: Bench): Promise<Comparison[]> {
    const size = bench.sizes.at(-1) ?? 0
    const fixture = await bench.fixtures.searchable(size)
    return [
      ...(await comparePosts(bench, fixture)),
      await compareSize(fixture, size),
      await compareKinds(bench, fixture),
    ]
  },
}

async function compareKinds({ sizes, rounds }: Bench, fixture: string): Promise<Comparison> {
  const size = sizes.at(-1) ?? 0
  const contenders = Object.keys(searchRequests(size, 0)).map((kind) => ({
    name: nameAtSize(kind, size),
    run: (round: number) => measureSearches(fixture, { kind, size, round }),
  }))
  return compare(
    { id: 'search', what: `searches for 20 of ${formatCount(size)} messages` },
    { rounds, contenders },
  )
}

async function comparePosts({ rounds, seconds }: Bench, fixture: string): Promise<Comparison[]> {
  const comparisons: Comparison[] = []
  for (const connections of CONNECTIONS) {
    const contenders = [notIndexing, indexing].map((service) => ({
      name: service.name,
      run: () => measurePosts(service, { fixture, connections, seconds }),
    }))
    const what = `posts on ${connections} connections, with and without the search index`
    comparisons.push(await compare({ id: `search-post-${connections}`, what }, { rounds, contenders }))
  }
  return comparisons
}

function compareSize(fixture: string, size: number): Promise<Comparison> {
  const run = async () => measureIndexSize(join(fixture, gitmsgNotSyncing.database), size)
  const contenders = [{ name: nameAtSize('gitmsg', size), run }]
  return compare({ id: 'search-size', what: 'size of the search index' }, { rounds: 1, contenders })
}
