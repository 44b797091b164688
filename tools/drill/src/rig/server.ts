import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { onCleanup } from './cleanup.js'
import { descendantsOf, processesIn, signalAll } from './processes.js'
import { until } from './wait.js'

/** The built server, as `npm start` runs it. */
const SERVER_MAIN = join(
  dirname(createRequire(import.meta.url).resolve('@gitmsg/server/package.json')),
  'dist/main.js',
)

const PATIENCE = 60_000

/** A server that serves. */
export interface RunningServer {
  readonly url: string
  readonly pid: number
  /** Milliseconds from its start until it served. */
  readonly readyAfter: number
  /** What it wrote on standard output and standard error until now. */
  output(): string
  isAlive(): boolean
  /** Sends a signal to it alone, or to it and everything it started. */
  signal(name: NodeJS.Signals, whom?: 'alone' | 'with-children'): void
  /** Sends a signal and waits for the end; the exit code, or `null` when the signal ended it. */
  stop(name?: NodeJS.Signals, whom?: 'alone' | 'with-children'): Promise<number | null>
}

export interface ServerOptions {
  readonly folder: string
  readonly settings: Readonly<Record<string, string>>
  /** A folder whose processes are never signalled: the remote stands for another machine. */
  readonly spare?: string | undefined
  /** What to run the server under: strace, faketime, with their arguments. */
  readonly under?: readonly string[] | undefined
}

/**
 * Starts the server on a free port, with nothing of this process's environment but the PATH.
 *
 * @returns the server once it serves, or what it said when it ended instead
 */
export async function tryToStart(options: ServerOptions): Promise<RunningServer | string> {
  const startedAt = performance.now()
  const [command = '', ...args] = [...(options.under ?? []), process.execPath, SERVER_MAIN]
  const environment = { PATH: process.env.PATH ?? '', PORT: '0', ...options.settings }
  const child = spawn(command, args, {
    cwd: options.folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const forget = onCleanup(() => signalAll([...descendantsOf(child.pid ?? 0), child.pid ?? 0], 'SIGKILL'))
  child.once('exit', forget)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      // Enough to find anything in, and no more than a long run can hold.
      said = (said + chunk).slice(-1_000_000)
    })
  }
  const served = await until(
    () => hasEnded(child) || /"pid":(\d+),"msg":"Serving on (http:\S+\/)"/.exec(said),
    PATIENCE,
  )
  if (served === null || served === true) {
    forget()
    return said || `ended with ${child.exitCode ?? child.signalCode}`
  }
  const [, pid, url = ''] = served
  const readyAfter = performance.now() - startedAt
  return serverOf(child, { pid: Number(pid), url, readyAfter, output: () => said, spare: options.spare })
}

function serverOf(
  child: ChildProcess,
  {
    spare,
    ...about
  }: Pick<RunningServer, 'pid' | 'url' | 'readyAfter' | 'output'> & Pick<ServerOptions, 'spare'>,
): RunningServer {
  const withChildren = () => {
    const spared = spare ? processesIn(spare) : []
    return [about.pid, ...descendantsOf(about.pid).filter((id) => !spared.includes(id))]
  }
  const signal: RunningServer['signal'] = (name, whom = 'alone') =>
    signalAll(whom === 'alone' ? [about.pid] : withChildren(), name)

  return {
    ...about,
    isAlive: () => !hasEnded(child),
    signal,
    async stop(name = 'SIGTERM', whom = 'alone') {
      if (hasEnded(child)) return child.exitCode
      const exit = once(child, 'exit')
      signal(name, whom)
      const [code] = await exit
      return code
    },
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null
