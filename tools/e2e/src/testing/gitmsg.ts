import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { SERVER_MAIN, serverEnvironment } from './run-server.js'

/** Runs a command of the built server and returns its output and exit code. */
export function gitmsg(cwd: string, args: readonly string[], settings: Record<string, string> = {}) {
  const env = serverEnvironment(settings)
  return spawnSync(process.execPath, [SERVER_MAIN, ...args], { cwd, env, encoding: 'utf8' })
}

const BASH = ['--norc', '--noprofile', '-c']

/** Defines `gitmsg` in a shell, as the built server. */
export const GITMSG_FUNCTION = `gitmsg() { '${process.execPath}' '${SERVER_MAIN}' "$@"; }\n`

/** Runs a script in which `gitmsg` is a command. */
export function runScript(cwd: string, script: string, settings: Record<string, string> = {}) {
  const env = serverEnvironment(settings)
  return spawnSync('bash', [...BASH, GITMSG_FUNCTION + script], { cwd, env, encoding: 'utf8' })
}

/** A script that runs in the background. */
export interface BackgroundScript {
  readonly process: ChildProcess
  output(): string
  errors(): string
  /** The values of JSON that it has printed, one for each line. */
  // biome-ignore lint/suspicious/noExplicitAny: commands print values of every shape
  values(): any[]
  /** Resolves with the exit code. */
  readonly exit: Promise<number | null>
  /** Sends a signal to everything in it, and resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  [Symbol.dispose](): void
}

/** Starts a script in which `gitmsg` is a command. */
export function startScript(
  cwd: string,
  script: string,
  settings: Record<string, string> = {},
): BackgroundScript {
  const env = serverEnvironment(settings)
  // A process group of its own, as in a terminal.
  const child = spawn('bash', [...BASH, GITMSG_FUNCTION + script], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const exit = once(child, 'close').then(([code]) => code as number | null)
  const isRunning = () => child.exitCode === null && child.signalCode === null
  const kill = (signal: NodeJS.Signals) => {
    if (isRunning() && child.pid !== undefined) process.kill(-child.pid, signal)
  }
  return {
    process: child,
    output: () => output,
    errors: () => errors,
    values: () => output.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : [])),
    exit,
    stop(signal = 'SIGTERM') {
      kill(signal)
      return exit
    },
    [Symbol.dispose]: () => kill('SIGKILL'),
  }
}
