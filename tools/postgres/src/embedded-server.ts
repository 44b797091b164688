import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Binaries, prepareBinaries } from './binaries.js'

/** A running PostgreSQL. */
export interface RunningServer {
  /** Of its first database; the user may create others. */
  readonly url: string
  readonly pid: number
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** The values of server settings, by name. */
type Settings = Readonly<Record<string, string>>

/** Ends with its standard input, and so with the process that started it, however that ends. */
const GUARD = '"$0" "$@" <&- & server=$!; echo "pid $server" >&2; cat; kill -INT "$server"; wait "$server"'

/** What the tests lose if the machine fails is removed anyway. */
const SETTINGS: Settings = {
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '300',
  shared_buffers: '64MB',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
}

/**
 * Starts the embedded PostgreSQL with an empty database, on a free port of the loopback interface.
 *
 * @param options `settings` replace those for tests, which do not wait for the disk
 * @throws {Error} if it does not run on this system
 */
export async function startEmbeddedServer({
  settings = {},
}: {
  readonly settings?: Settings
} = {}): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'gitmsg-postgres-'))
  chmodSync(folder, 0o755)
  try {
    const binaries = prepareBinaries(folder)
    const password = randomBytes(16).toString('hex')
    const data = createCluster(binaries, { folder, password })
    const port = await freePort()
    const { process, pid } = await run(binaries, [
      '-D',
      data,
      '-p',
      String(port),
      ...toArguments({ ...SETTINGS, ...settings }),
    ])
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      pid,
      async stop() {
        process.stdin?.end()
        await once(process, 'close')
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

const toArguments = (settings: Settings): string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])

function createCluster(
  { initdb, options }: Binaries,
  { folder, password }: { folder: string; password: string },
): string {
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  mkdirSync(data, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (options.uid !== undefined && options.gid !== undefined) {
    for (const path of [data, passwordFile]) chownSync(path, options.uid, options.gid)
  }
  const given = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=password', '--encoding=UTF8']
  // A locale that does not compare bytes, as many databases have it.
  const locale = ['--locale-provider=icu', '--icu-locale=en-US', '--locale=C']
  execFileSync(initdb, ['-D', data, '--no-sync', ...given, ...locale], {
    ...options,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  return data
}

async function run(
  { postgres, options }: Binaries,
  given: readonly string[],
): Promise<{ process: ChildProcess; pid: number }> {
  const process = spawn('sh', ['-c', GUARD, postgres, ...given], {
    ...options,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const lines: string[] = []
  const reader = createInterface({ input: process.stderr as NodeJS.ReadableStream })
  return new Promise((resolve, reject) => {
    let pid = 0
    reader.on('line', (line) => {
      if (pid === 0) pid = Number(/^pid (\d+)$/.exec(line)?.[1] ?? 0)
      lines.push(line)
      if (line.includes('database system is ready to accept connections')) resolve({ process, pid })
    })
    process.on('error', reject)
    process.on('close', () => reject(new Error(`PostgreSQL does not start: ${lines.slice(-5).join('; ')}`)))
  })
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
