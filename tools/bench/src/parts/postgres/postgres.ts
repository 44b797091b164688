import { searchRequests } from '../../data/search-texts.js'
import { measureSiteLists, measureSitePosts, measureSiteReads } from '../../measures/site-requests.js'
import type { Readings } from '../../report/compare.js'
import { type Comparison, compare } from '../../report/compare.js'
import { type Postgres, startPostgres } from '../../rig/postgres.js'
import { type OnSite, onPostgres, onSqlite } from '../../rig/sites.js'
import { type Bench, formatCount, type Part } from '../part.js'

const SERVERS = 3
const POST_CONNECTIONS = [8, 64]
const READ_CONNECTIONS = 8
/** Of requests that no round has; what a server does first it does slowly. */
const WARM_UP_ROUNDS = [-1, -2, -3, -4]
const SEARCHES = ['a rare word', 'the commonest word', 'two words']

/** The same server on SQLite and on PostgreSQL, and several on one PostgreSQL. */
export const postgres: Part = {
  name: 'postgres',
  title: 'posts, pages and searches on PostgreSQL, from one server and from three, beside SQLite',
  async run(bench) {
    await using database = await startPostgres()
    return [
      ...(await comparePosts(bench, database)),
      ...(await compareReads(bench, database)),
      ...(await compareSearches(bench, database)),
    ]
  },
}

const contendersOf = (
  sites: Readonly<Record<string, OnSite>>,
  measure: (onSite: OnSite, round: number) => Promise<Readings>,
) => Object.entries(sites).map(([name, onSite]) => ({ name, run: (round: number) => measure(onSite, round) }))

const oneServer = (database: Postgres) => ({ SQLite: onSqlite, PostgreSQL: onPostgres(database, 1) })

async function comparePosts({ fixtures, rounds, seconds }: Bench, database: Postgres): Promise<Comparison[]> {
  const fixture = await fixtures.synchronized(0)
  const sites = { ...oneServer(database), [`PostgreSQL, ${SERVERS} servers`]: onPostgres(database, SERVERS) }
  const comparisons: Comparison[] = []
  for (const connections of POST_CONNECTIONS) {
    const contenders = contendersOf(sites, (onSite) =>
      measureSitePosts(onSite, { fixture, connections, seconds }),
    )
    const what = `posts on ${connections} connections, with a file remote`
    comparisons.push(await compare({ id: `postgres-post-${connections}`, what }, { rounds, contenders }))
  }
  return comparisons
}

async function compareReads(bench: Bench, database: Postgres): Promise<Comparison[]> {
  const { fixtures, rounds, seconds } = bench
  const size = bench.sizes.at(-1) ?? 0
  const fixture = await fixtures.searchable(size)
  const pages = [
    {
      id: 'latest',
      what: 'the latest 50',
      path: 'messages?limit=50',
      warmUpPath: 'messages?limit=51',
    },
    {
      id: 'other',
      what: '50 from anywhere, none of them cached',
      path: 'messages?limit=50&before={id}',
      warmUpPath: 'messages?limit=51&before={id}',
      ids: { first: 100, step: 1, count: Math.max(1, size - 100) },
    },
  ]
  const comparisons: Comparison[] = []
  for (const { id, what, ...page } of pages) {
    const options = { fixture, ...page, connections: READ_CONNECTIONS, seconds }
    const contenders = contendersOf(oneServer(database), (onSite) => measureSiteReads(onSite, options))
    const title = `reads of ${what} of ${formatCount(size)} messages`
    comparisons.push(await compare({ id: `postgres-read-${id}`, what: title }, { rounds, contenders }))
  }
  return comparisons
}

async function compareSearches(bench: Bench, database: Postgres): Promise<Comparison[]> {
  const { fixtures, rounds } = bench
  const size = bench.sizes.at(-1) ?? 0
  const fixture = await fixtures.searchable(size)
  const comparisons: Comparison[] = []
  for (const kind of SEARCHES) {
    const requestsOf = (round: number) => searchRequests(size, round)[kind] ?? []
    const contenders = contendersOf(oneServer(database), (onSite, round) =>
      measureSiteLists(onSite, {
        fixture,
        requests: requestsOf(round),
        warmUpRequests: WARM_UP_ROUNDS.flatMap(requestsOf),
      }),
    )
    const what = `searches for ${kind}, 20 of ${formatCount(size)} messages`
    const id = `postgres-search-${kind.replaceAll(' ', '-')}`
    comparisons.push(await compare({ id, what }, { rounds, contenders }))
  }
  return comparisons
}
