import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onCleanup } from './cleanup.js'
import { type History, openHistory } from './history.js'
import { processesIn, signalAll } from './processes.js'
import { type CommandResult, type RunningServer, runCommand, tryToStart } from './server.js'
import { git } from './shell.js'

/** A folder with everything that belongs to one server, with the history of its clients. */
export interface Site {
  readonly path: string
  readonly dataDirectory: string
  /** The bare repository to push to; `null` without a remote. */
  readonly remote: string | null
  /** Where messages end up: the remote or, without one, the local repository. */
  readonly repository: string
  readonly localRepository: string
  readonly database: string
  readonly history: History
  /** Starts a server; rejects with its output if it does not serve. */
  start(settings?: Record<string, string>, wrapper?: readonly string[]): Promise<RunningServer>
  /** Like `start`, but resolves with the output of a server that does not serve. */
  tryToStart(settings?: Record<string, string>, wrapper?: readonly string[]): Promise<RunningServer | string>
  /** Runs a command on the same data. */
  command(args: readonly string[], settings?: Record<string, string>): Promise<CommandResult>
  /** Ends every process in the folder and removes it. */
  close(): void
}

export interface SiteOptions {
  /** Default: `data` in the new folder. */
  readonly dataDirectory?: string | undefined
  /** Whether there is a remote. Default: true. */
  readonly remote?: boolean | undefined
  /** The folder for the history, on another file system. */
  readonly historyFolder: string
}

/** Makes a new folder for a server. */
export function openSite({ dataDirectory, remote: hasRemote = true, historyFolder }: SiteOptions): Site {
  const path = mkdtempSync(join(tmpdir(), 'gitmsg-drill-'))
  const data = dataDirectory ?? join(path, 'data')
  const history = openHistory(join(mkdtempSync(join(historyFolder, 'site-')), 'history.jsonl'))
  const remote = hasRemote ? join(path, 'remote.git') : null
  if (remote) makeRepository(remote)

  const own = { GITMSG_DATA_DIR: data, ...(remote && { GITMSG_REMOTE: remote }) }

  const attempt: Site['tryToStart'] = (settings, wrapper) => {
    mkdirSync(data, { recursive: true })
    const all: Record<string, string> = { ...own, GITMSG_FETCH_INTERVAL: '1', ...settings }
    return tryToStart({ folder: path, settings: all, sparedFolder: all.GITMSG_REMOTE, wrapper })
  }
  const close = onCleanup(() => {
    signalAll([...processesIn(path), ...processesIn(data)], 'SIGKILL')
    history.close()
    // A git process that was just killed may still be writing: retry until it has ended.
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
    command: (args, settings) => runCommand(args, { folder: path, settings: { ...own, ...settings } }),
    async start(settings, wrapper) {
      const server = await attempt(settings, wrapper)
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
