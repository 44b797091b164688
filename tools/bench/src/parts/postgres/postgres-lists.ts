import { join } from 'node:path'
import { listRequests } from '../../data/list-requests.js'
import { readLists } from '../../measures/site-requests.js'
import { type Comparison, compare } from '../../report/compare.js'
import { startPostgres } from '../../rig/postgres.js'
import { onPostgresItself } from '../../rig/sites.js'
import { type Bench, formatCount, nameAtSize, type Part } from '../part.js'

/** How long a page may take, whatever it is filtered by. */
export const postgresLists: Part = {
  name: 'postgres-lists',
  title: 'lists, threads, searches and the feed of the largest size on PostgreSQL, by every filter',
  async run({ fixtures, sizes, rounds }: Bench): Promise<Comparison[]> {
    const size = sizes.at(-1) ?? 0
    const fixture = await fixtures.spoken(size)
    const requests = listRequests(join(fixture, 'gitmsg.db'), size)
    await using database = await startPostgres()
    const comparison = await onPostgresItself(database, fixture, async (site) => {
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
