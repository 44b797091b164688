import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { inTemporaryFolder } from '../data/folders.js'
import type { Readings } from '../report/compare.js'
import type { Phases } from './phases.js'

/** The built server, as `npm start` runs it. */
export const SERVER_MAIN = join(
  dirname(createRequire(import.meta.url).resolve('gitmsg/package.json')),
  'dist/main.js',
)

/** The path of one of the benchmark's own programs, which are built beside its main file. */
export const programPath = (name: string): string => fileURLToPath(new URL(`${name}.js`, import.meta.url))

/** What `load` prints. Times in milliseconds. */
export interface Load {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  /** Responses with 2xx, including those of the warm-up. */
  readonly successes: number
}

/** `count` ids from `first` on. */
export interface Ids {
  readonly first: number
  readonly step: number
  readonly count: number
}

export interface LoadOptions {
  /**
   * `{id}` in it is replaced by each of the `ids` in turn. Of several servers the paths are the same, and the connections
   * are spread over them.
   */
  readonly url: string | readonly string[]
  readonly method: 'POST' | 'GET' | 'PATCH'
  readonly connections: number
  readonly seconds: number
  readonly ids?: Ids | undefined
}

/** Puts a server under load from another process, which shares the machine with it. */
export const runLoad = ({ url, method, connections, seconds, ids }: LoadOptions): Promise<Load> =>
  runProgram<Load>(
    'load',
    ...[String(url), method, String(connections), String(seconds)],
    ...(ids ? [`${ids.first}:${ids.step}:${ids.count}`] : []),
  )

/**
 * What `post-layer` prints: the time of a post on average. Posts overlap, so it is shorter than the latency of one.
 */
export interface LayerRun {
  readonly microseconds: number
}

/** Where a post enters gitmsg: everything but HTTP, the store alone, or nothing but SQLite. */
export type Layer = 'core' | 'store' | 'sqlite'

/** Measures the microseconds of each durable post through a layer, with `atOnce` posts in flight. */
export const measureLayer = (
  layer: Layer,
  { atOnce, seconds }: { atOnce: number; seconds: number },
): Promise<Readings> =>
  inTemporaryFolder(async (folder) => {
    const run = await runProgram<LayerRun>('post-layer', folder, layer, String(atOnce), String(seconds))
    return { 'µs a post': run.microseconds }
  })

/** What `sync-backlog` prints. */
export interface SyncRun {
  readonly milliseconds: number
  /** The number of commits in each append. */
  readonly batches: readonly number[]
  readonly phases: Phases
  readonly peakMebibytes: number
}

/** Synchronizes what is pending in a data folder, in a new process whose start is not part of the time. */
export const runSync = (folder: string, remote?: string): Promise<SyncRun> =>
  runProgram<SyncRun>('sync-backlog', folder, ...(remote === undefined ? [] : [remote]))

/** What `list-load` prints. */
export interface ListLoad {
  /** The number of pages that were read. */
  readonly pages: number
  /** The number of what was in them. */
  readonly items: number
  /** Times in milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly slowestMs: number
}

/** Reads lists with `clients` clients, each with the next path and query of the file, until all were read. */
export const runListLoad = (url: string, clients: number, requestsFile: string): Promise<ListLoad> =>
  runProgram<ListLoad>('list-load', url, String(clients), requestsFile)

/** Runs one of the benchmark's own programs to its end; resolves with the JSON that it printed. */
async function runProgram<Result>(name: string, ...args: string[]): Promise<Result> {
  const { stdout } = await promisify(execFile)(process.execPath, [programPath(name), ...args], {
    maxBuffer: 2 ** 26,
  })
  return JSON.parse(stdout)
}
