import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Binaries, findInstalled, prepareBinaries } from './binaries.js'
import { type GuardedServer, runGuarded } from './run-guarded.js'

/** Names and values of PostgreSQL's own settings. */
export type PostgresSettings = Readonly<Record<string, string>>

/** The data of a PostgreSQL, and the server on them while it runs. */
export interface EmbeddedCluster {
  /** Of its first database; the user may create others. It stays the same. */
  readonly url: string
  /** Where its data are. */
  readonly data: string
  /** `null` while it does not run. */
  readonly pid: number | null
  /** Starts the server, with `settings` besides those of {@link ClusterOptions}; rejects with its log if it does not serve. */
  start(settings?: PostgresSettings): Promise<void>
  /**
   * Ends the server, and waits for all of its processes; resolves at once if it has ended. Default: `SIGINT`, which ends it
   * in order. After `SIGQUIT` and `SIGKILL`, which goes to each process, the next start recovers.
   */
  stop(signal?: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): Promise<void>
  /** Copies the data of a server that was stopped in order: for a standby. */
  copy(): Promise<EmbeddedCluster>
  /** Ends the server, and removes its data. */
  remove(): void
}

/** Options of {@link createEmbeddedCluster}. */
export interface ClusterOptions {
  /** An existing folder for the data. Default: a new one. */
  readonly dataFolder?: string
  /** Whether the write-ahead log is elsewhere, in a new folder. Default: false. */
  readonly isLogElsewhere?: boolean
  readonly settings?: PostgresSettings
}

const NETWORK = { listen_addresses: '127.0.0.1', unix_socket_directories: '' }

/** Why there is no embedded PostgreSQL on this machine; `null` if there is one. */
export function embeddedObstacle(): string | null {
  try {
    findInstalled()
    return null
  } catch (error) {
    return (error as Error).message
  }
}

/**
 * Creates the data of an embedded PostgreSQL, which will listen on a free port of the loopback interface.
 *
 * @throws {Error} if it does not run on this system
 */
export async function createEmbeddedCluster(options: ClusterOptions = {}): Promise<EmbeddedCluster> {
  const folder = makeFolder()
  try {
    const { settings = {}, dataFolder = folder, isLogElsewhere = false } = options
    const binaries = prepareBinaries(folder)
    const password = randomBytes(16).toString('hex')
    const data = join(dataFolder, 'data')
    const logs = isLogElsewhere ? [`--waldir=${makeOwned(join(folder, 'log'), binaries)}`] : []
    initialize(binaries, { folder, data: makeOwned(data, binaries), password, given: logs })
    const port = await freePort()
    return clusterOf({ binaries, data, password, settings, port, remove: () => removeAll(data, folder) })
  } catch (error) {
    removeAll(folder)
    throw error
  }
}

interface Files {
  readonly binaries: Binaries
  readonly data: string
  readonly password: string
  readonly settings: PostgresSettings
  readonly port: number
  remove(): void
}

function clusterOf(files: Files): EmbeddedCluster {
  const { binaries, data, password, settings, port } = files
  let running: GuardedServer | null = null

  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    data,
    get pid() {
      return running?.pid ?? null
    },
    async start(more) {
      const all = Object.entries({ ...NETWORK, ...settings, ...more })
      const given = all.flatMap(([name, value]) => ['-c', `${name}=${value}`])
      const started = await runGuarded(binaries, ['-D', data, '-p', String(port), ...given])
      running = started
      started.guard.once('close', () => {
        if (running === started) running = null
      })
    },
    async stop(signal = 'SIGINT') {
      if (!running) return
      const { guard, pid } = running
      const closed = once(guard, 'close')
      if (signal === 'SIGKILL') killAll(pid)
      else end(pid, signal)
      guard.stdin?.end()
      await closed
    },
    async copy() {
      const folder = makeFolder()
      execFileSync('cp', ['-a', data, folder])
      const copied = { data: join(folder, 'data'), port: await freePort(), remove: () => removeAll(folder) }
      return clusterOf({ ...files, ...copied })
    },
    remove() {
      if (running) end(running.pid, 'SIGQUIT')
      running?.guard.stdin?.end()
      files.remove()
    },
  }
}

/** Kills all processes of a server at once, as a power cut does: some would outlive the first one. */
function killAll(pid: number): void {
  end(pid, 'SIGSTOP')
  const children = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout
  for (const child of children.split('\n')) if (child) end(Number(child), 'SIGKILL')
  end(pid, 'SIGKILL')
}

/** The server may have ended by itself. */
function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function initialize(
  { initdb, options }: Binaries,
  files: { folder: string; data: string; password: string; given: readonly string[] },
): void {
  const { folder, data, password, given } = files
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (options.uid !== undefined && options.gid !== undefined)
    chownSync(passwordFile, options.uid, options.gid)
  const user = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=password', '--encoding=UTF8']
  // A locale that does not compare bytes, as many databases have it.
  const locale = ['--locale-provider=icu', '--icu-locale=en-US', '--locale=C']
  execFileSync(initdb, ['-D', data, '--no-sync', ...user, ...locale, ...given], {
    ...options,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gitmsg-postgres-'))
  chmodSync(folder, 0o755)
  return folder
}

/** Makes a folder of the user that runs PostgreSQL. */
function makeOwned(path: string, { options }: Binaries): string {
  mkdirSync(path, { mode: 0o700 })
  if (options.uid !== undefined && options.gid !== undefined) chownSync(path, options.uid, options.gid)
  return path
}

/** What is being ended may still write. */
function removeAll(...paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}
