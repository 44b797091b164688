import { execFileSync } from 'node:child_process'
import { readdirSync, readlinkSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningServer, runServer, until } from './run-server.js'

/** A folder for one test with its servers and repositories. */
export interface Workspace {
  readonly path: string
  /** Starts a server in the folder; it is killed with the workspace. */
  start(settings?: Record<string, string>): Promise<RunningServer>
  /** Makes a bare repository to push to and returns its path. */
  makeRemote(name?: string): string
  /** Removes the data folder, once the git processes of a server that was killed have ended. */
  loseData(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Makes a new folder, removed with everything in it at the end of `await using`. */
export async function openWorkspace(): Promise<Workspace> {
  const path = await mkdtemp(join(tmpdir(), 'gitmsg-e2e-'))
  const servers: RunningServer[] = []
  return {
    path,
    async start(settings) {
      const server = await runServer(path, settings)
      servers.push(server)
      return server
    },
    makeRemote(name = 'remote.git') {
      git(path, 'init', '--quiet', '--bare', '--initial-branch=main', name)
      return join(path, name)
    },
    async loseData() {
      const data = join(path, 'data')
      await until(() => !isProcessIn(data))
      await remove(data)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => server.stop('SIGKILL')))
      await remove(path)
    },
  }
}

/** An orphaned git process may still be writing: retries until it has ended. */
function remove(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}

/** Whether a process has its current folder in this one. On Linux only; elsewhere it is not known. */
function isProcessIn(folder: string): boolean {
  if (process.platform !== 'linux') return false
  return readdirSync('/proc').some(
    (id) => /^\d+$/.test(id) && `${currentFolder(id)}/`.startsWith(`${folder}/`),
  )
}

function currentFolder(id: string): string {
  try {
    return readlinkSync(`/proc/${id}/cwd`)
  } catch {
    return '' // the process has ended
  }
}

/** Runs plain git, as a user would, and returns what it printed. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd()
}
