import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { inTemporaryFolder } from '../data/folders.js'
import type { Readings } from '../report/compare.js'
import { type Load, type LoadOptions, runListLoad, runLoad } from '../rig/programs.js'
import type { OnSite, Site } from '../rig/sites.js'

const MICROSECONDS = 1_000
/** Each server compiles its code for itself, and the less of the load it gets, the longer that takes. */
const WARM_UP_SECONDS = 20
const POLL_MS = 100
const MAX_POLLS = 300

export interface SitePostOptions {
  readonly fixture: string
  readonly connections: number
  readonly seconds: number
}

/** Measures durable responses to POST /messages while the messages are synchronized to a file remote. */
export const measureSitePosts = (
  onSite: OnSite,
  { fixture, connections, seconds }: SitePostOptions,
): Promise<Readings> =>
  onSite({ fixture, synchronizes: true }, async (site) => {
    // The first synchronization fetches the branch.
    const [url = ''] = site.urls
    await fetch(`${url}sync`, { method: 'POST' })
    const options = { method: 'POST', connections } as const
    await runSiteLoad(site, 'messages', { ...options, seconds: WARM_UP_SECONDS })
    const before = await site.count()
    const { load, processors } = await runSiteLoad(site, 'messages', { ...options, seconds })
    await untilSynchronized(site, before.synchronized)
    await site.stop()
    const after = await site.count()
    const stored = after.stored - before.stored
    // The last posts may be stored without a response, but none may get a 201 without being stored.
    if (load.successes === 0 || stored < load.successes)
      throw new Error(`${load.successes} posts were acknowledged and ${stored} stored`)
    const transactions = (after.transactions ?? Number.NaN) - (before.transactions ?? Number.NaN)
    return {
      'posts/s': load.perSecond,
      ...latenciesOf(load),
      ...processors,
      ...(after.transactions !== undefined && { 'posts a commit': stored / transactions }),
    }
  })

async function untilSynchronized(site: Site, before: number): Promise<void> {
  for (let polls = 0; polls < MAX_POLLS; polls += 1) {
    if ((await site.count()).synchronized > before) return
    await pause(POLL_MS)
  }
  throw new Error('No message was synchronized')
}

export interface SiteReadOptions extends Pick<LoadOptions, 'ids'> {
  readonly fixture: string
  /** The path and query of `GET`, in which `{id}` is replaced by each of the `ids` in turn. */
  readonly path: string
  /** The same for the warm-up: other pages, so that those of `path` are not cached by it. */
  readonly warmUpPath: string
  readonly connections: number
  readonly seconds: number
}

/** Measures pages a second when nothing is written. */
export const measureSiteReads = (
  onSite: OnSite,
  { fixture, path, warmUpPath, seconds, ...others }: SiteReadOptions,
): Promise<Readings> =>
  onSite({ fixture, synchronizes: false }, async (site) => {
    const options = { method: 'GET', ...others } as const
    await runSiteLoad(site, warmUpPath, { ...options, seconds: WARM_UP_SECONDS })
    const { load, processors } = await runSiteLoad(site, path, { ...options, seconds })
    return { 'pages/s': load.perSecond, ...latenciesOf(load), ...processors }
  })

export interface SiteListOptions {
  readonly fixture: string
  readonly requests: readonly string[]
  /** Others of the same kinds. */
  readonly warmUpRequests: readonly string[]
}

/**
 * Measures requests of lists, one after another; each should be for another page, because pages are cached. `{epoch}` in
 * them is replaced by that of the feed.
 */
export const measureSiteLists = (
  onSite: OnSite,
  { fixture, requests, warmUpRequests }: SiteListOptions,
): Promise<Readings> =>
  onSite({ fixture, synchronizes: false }, async (site) => {
    await readLists(site, warmUpRequests)
    return readLists(site, requests)
  })

/** The same on servers that run already. */
export const readLists = (site: Site, requests: readonly string[]): Promise<Readings> =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'requests.json')
    const [url = ''] = site.urls
    await (await fetch(`${url}search?q=warm`)).arrayBuffer()
    const { epoch } = (await (await fetch(`${url}changes?limit=1`)).json()) as { epoch: string }
    await writeFile(file, JSON.stringify(requests.map((request) => request.replace('{epoch}', epoch))))
    const processors = watchProcessors(site)
    const { pages, items, p50, p99, slowestMs } = await runListLoad(url, 1, file)
    return { 'p50 ms': p50, 'p99 ms': p99, 'max ms': slowestMs, ...processors(pages), found: items }
  })

const latenciesOf = ({ p50, p99 }: Load): Readings => ({ 'p50 ms': p50, 'p99 ms': p99 })

async function runSiteLoad(site: Site, path: string, options: Omit<LoadOptions, 'url'>) {
  const processors = watchProcessors(site)
  const load = await runLoad({ ...options, url: site.urls.map((url) => url + path) })
  return { load, processors: processors(load.successes) }
}

/** Returns a function for the processor time of a request, given how many there were. */
function watchProcessors(site: Site): (requests: number) => Readings {
  const [servers, database] = [site.serversMs(), site.databaseMs()]
  return (requests) => {
    const perRequest = (milliseconds: number) => (milliseconds / requests) * MICROSECONDS
    const used = site.databaseMs()
    return {
      'server µs': perRequest(site.serversMs() - servers),
      ...(used !== undefined && { 'database µs': perRequest(used - (database ?? 0)) }),
    }
  }
}
