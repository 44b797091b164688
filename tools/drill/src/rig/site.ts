import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onCleanup } from './cleanup.js'
import { type History, openHistory } from './history.js'
import { processesIn, signalAll } from './processes.js'
import { type RunningServer, tryToStart } from './server.js'
import { git } from './shell.js'

/** A folder with everything that belongs to one server, and the history of its clients. */
export interface Site {
  readonly path: string
  readonly dataDirectory: string
  /** The bare repository to push to; `null` where the local one counts. */
  readonly remote: string | null
  /** Where the messages are kept for good: the remote, or else the local repository. */
  readonly repository: string
  readonly localRepository: string
  readonly database: string
  readonly history: History
  /** Starts a server here; throws with what it said when it does not serve. */
  start(settings?: Record<string, string>, under?: readonly string[]): Promise<RunningServer>
  /** Like `start`, for a server that may well not start: answers what it said then. */
  tryToStart(settings?: Record<string, string>, under?: readonly string[]): Promise<RunningServer | string>
  close(): void
}

export interface SiteOptions {
  /** Default: a folder here. */
  readonly dataDirectory?: string | undefined
  /** Default: true. */
  readonly remote?: boolean | undefined
  /** Folder for the history, on another file system. */
  readonly historyFolder: string
}

export function openSite({ dataDirectory, remote: hasRemote = true, historyFolder }: SiteOptions): Site {
  const path = mkdtempSync(join(tmpdir(), 'gitmsg-drill-'))
  const data = dataDirectory ?? join(path, 'data')
  const history = openHistory(join(mkdtempSync(join(historyFolder, 'site-')), 'history.jsonl'))
  const remote = hasRemote ? join(path, 'remote.git') : null
  if (remote) makeRepository(remote)

  const attempt: Site['tryToStart'] = (settings, under) => {
    mkdirSync(data, { recursive: true })
    const own = { GITMSG_DATA_DIR: data, ...(remote && { GITMSG_REMOTE: remote }) }
    const all = { ...own, GITMSG_FETCH_INTERVAL: '1', ...settings }
    return tryToStart({ folder: path, settings: all, spare: all.GITMSG_REMOTE, under })
  }
  const close = onCleanup(() => {
    signalAll([...processesIn(path), ...processesIn(data)], 'SIGKILL')
    history.close()
    // A git that was killed this moment may still be writing: try again until it has gone.
    rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  })

  return {
    path,
    dataDirectory: data,
    remote,
    repository: remote ?? join(data, 'repository.git'),
    localRepository: join(data, 'repository.git'),
    database: join(data, 'gitmsg.db'),
    history,
    tryToStart: attempt,
    async start(settings, under) {
      const server = await attempt(settings, under)
      if (typeof server === 'string') throw new Error(`The server did not start: ${server.slice(-2000)}`)
      return server
    },
    close,
  }
}

/** Makes an empty bare repository. */
export function makeRepository(path: string): void {
  mkdirSync(path, { recursive: true })
  git(path, 'init', '--quiet', '--bare', '--initial-branch=main', '.')
}
