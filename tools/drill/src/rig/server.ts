import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { onCleanup } from './cleanup.js'
import { descendantsOf, processesIn, signalAll } from './processes.js'
import { until } from './wait.js'

/** The built program, as `npm start` runs it. */
export const SERVER_MAIN = join(
  dirname(createRequire(import.meta.url).resolve('gitmsg/package.json')),
  'dist/main.js',
)

const START_TIMEOUT_MS = 60_000
const MAX_OUTPUT_CHARACTERS = 1_000_000

/** Which processes a signal goes to: the server only, or the server and everything it started. */
export type Target = 'alone' | 'with-children'

/** A running server. */
export interface RunningServer {
  readonly url: string
  readonly pid: number
  /** Milliseconds from the start of the process until it served. */
  readonly readyAfterMs: number
  /** What it has written to standard output and standard error. */
  output(): string
  isAlive(): boolean
  /** Sends a signal. Default target: `alone`. */
  signal(name: NodeJS.Signals, target?: Target): void
  /** Sends a signal and waits; resolves with the exit code, or `null` if the signal ended the server. */
  stop(name?: NodeJS.Signals, target?: Target): Promise<number | null>
}

export interface ServerOptions {
  readonly folder: string
  readonly settings: Readonly<Record<string, string>>
  /** A folder whose processes are never signalled: the remote represents another machine. */
  readonly sparedFolder?: string | undefined
  /** A program to run the server with, and its arguments: strace or faketime. */
  readonly wrapper?: readonly string[] | undefined
}

/**
 * Starts the server on a free port. Of this process's environment it gets only the PATH.
 *
 * @returns the server once it serves, or its output if it exited instead
 */
export async function tryToStart(options: ServerOptions): Promise<RunningServer | string> {
  const startedAt = performance.now()
  const [command = '', ...args] = [...(options.wrapper ?? []), process.execPath, SERVER_MAIN]
  const environment = { PATH: process.env.PATH ?? '', PORT: '0', ...options.settings }
  const child = spawn(command, args, {
    cwd: options.folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const forget = onCleanup(() => signalAll([...descendantsOf(child.pid ?? 0), child.pid ?? 0], 'SIGKILL'))
  child.once('exit', forget)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      // Limited, because a long run prints more than fits in memory.
      output = (output + chunk).slice(-MAX_OUTPUT_CHARACTERS)
    })
  }
  const served = await until(
    () => hasEnded(child) || /"pid":(\d+),"msg":"Serving on (http:\S+\/)"/.exec(output),
    START_TIMEOUT_MS,
  )
  if (served === null || served === true) {
    forget()
    return output || `exited with ${child.exitCode ?? child.signalCode}`
  }
  const [, pid, url = ''] = served
  const readyAfterMs = performance.now() - startedAt
  const about = { pid: Number(pid), url, readyAfterMs, output: () => output }
  return serverOf(child, { ...about, sparedFolder: options.sparedFolder })
}

/** How a command of the server's program ended. */
export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end. Of this process's environment it gets only the PATH. */
export function runCommand(
  args: readonly string[],
  { folder, settings }: Pick<ServerOptions, 'folder' | 'settings'>,
): Promise<CommandResult> {
  const environment = { PATH: process.env.PATH ?? '', ...settings }
  return new Promise((resolve) => {
    const options = { cwd: folder, env: environment }
    const child = execFile(process.execPath, [SERVER_MAIN, ...args], options, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? 1, stdout, stderr })
    })
    child.stdin?.end()
  })
}

function serverOf(
  child: ChildProcess,
  {
    sparedFolder,
    ...about
  }: Pick<RunningServer, 'pid' | 'url' | 'readyAfterMs' | 'output'> & Pick<ServerOptions, 'sparedFolder'>,
): RunningServer {
  const withChildren = () => {
    const spared = sparedFolder ? processesIn(sparedFolder) : []
    return [about.pid, ...descendantsOf(about.pid).filter((id) => !spared.includes(id))]
  }
  const signal: RunningServer['signal'] = (name, target = 'alone') =>
    signalAll(target === 'alone' ? [about.pid] : withChildren(), name)

  return {
    ...about,
    isAlive: () => !hasEnded(child),
    signal,
    async stop(name = 'SIGTERM', target = 'alone') {
      if (hasEnded(child)) return child.exitCode
      const exit = once(child, 'exit')
      signal(name, target)
      const [code] = await exit
      return code
    },
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null
