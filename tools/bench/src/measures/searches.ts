import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onCopy } from '../data/folders.js'
import { searchRequests } from '../data/search-texts.js'
import type { Readings } from '../report/compare.js'
import { runListLoad } from '../rig/programs.js'
import { gitmsgNotSyncing } from '../rig/services.js'

/** Requests that no round has. */
const WARMING_ROUND = -1

/** Measures searches of one kind, one after another, and for how long each holds up the server. */
export const measureSearches = (
  fixture: string,
  { kind, size, round }: { kind: string; size: number; round: number },
): Promise<Readings> =>
  onCopy(fixture, gitmsgNotSyncing.needs, async (folder) => {
    const server = await gitmsgNotSyncing.start(folder)
    async function search(ofRound: number) {
      const file = join(folder, 'requests.json')
      await writeFile(file, JSON.stringify(searchRequests(size, ofRound)[kind]))
      return runListLoad(server.url, 1, file)
    }
    try {
      // What a server does first it does slowly.
      await search(WARMING_ROUND)
      await readLag(server.url)
      const { items, p50, p99, slowestMs } = await search(round)
      const lag = await readLag(server.url)
      return { 'p50 ms': p50, 'p99 ms': p99, 'max ms': slowestMs, 'loop held ms': lag, found: items }
    } finally {
      await server.stop()
    }
  })

/** The longest delay of the server's event loop since the last call, in milliseconds. */
async function readLag(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}metrics`)).text()
  return Number(/^gitmsg_eventloop_lag_seconds (\S+)$/m.exec(metrics)?.[1]) * 1000
}

/** The bytes of the search index, for each message. */
export function measureIndexSize(path: string, size: number): Readings {
  const database = new Database(path, { readonly: true })
  const bytesOf = database.prepare('SELECT sum(pgsize) FROM dbstat WHERE name LIKE ?').pluck()
  const [index, all] = [bytesOf.get('search%') as number, bytesOf.get('%') as number]
  database.close()
  return { 'bytes a message, index': index / size, 'bytes a message, all': all / size }
}

/**
 * Keeps a database from indexing what is posted: everything up to the highest id counts as not indexed yet, and no part
 * of the indexing can be recorded.
 */
export function stopIndexing(path: string): void {
  const database = new Database(path)
  database.exec(`UPDATE search_progress SET indexed = 0, until = ${2 ** 53 - 1}, tail_after = ${2 ** 53 - 1};
    CREATE TRIGGER never_indexed BEFORE UPDATE ON search_progress BEGIN SELECT raise(abort, 'never'); END`)
  database.pragma('wal_checkpoint(truncate)')
  database.close()
}
