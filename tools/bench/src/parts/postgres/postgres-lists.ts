import { join } from 'node:path'
import { listRequests } from '../../data/list-requests.js'
import { readLists } from '../../measures/site-requests.js'
import { type Comparison, compare } from '../../report/compare.js'
import { startPostgres } from '../../rig/postgres.js'
import { onPostgresItself } from '../../rig/sites.js'
import { type Bench, formatCount, nameAtSize, type Part } from '../part.js'

/** Of each kind, because what a server does first it does slowly. */
const WARM_UP_REQUESTS = 50

/** How long a page may take, whatever it is filtered by. */
export const postgresLists: Part = {
  name: 'postgres-lists',
  title: 'lists, threads, searches and the feed of the largest size on PostgreSQL, by every filter',
  async run({ fixtures, sizes, rounds }: Bench): Promise<Comparison[]> {
    const size = sizes.at(-1) ?? 0
    const fixture = await fixtures.spoken(size)
    const database = join(fixture, 'gitmsg.db')
    const warmUp = Object.values(listRequests(database, size, 1)).flatMap((paths) =>
      paths.slice(0, WARM_UP_REQUESTS),
    )
    const requests = listRequests(database, size, 0)
    await using postgres = await startPostgres()
    const comparison = await onPostgresItself(postgres, fixture, async (site) => {
      await readLists(site, warmUp)
      const contenders = Object.entries(requests).map(([kind, paths]) => ({
        name: nameAtSize(kind, size),
        run: () => readLists(site, paths),
      }))
      const what = `lists of ${formatCount(size)} messages on PostgreSQL`
      return compare({ id: 'postgres-lists', what }, { rounds, contenders })
    })
    return [comparison]
  },
}
