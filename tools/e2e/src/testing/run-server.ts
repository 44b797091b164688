import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** The built server, as `npm start` runs it. */
export const SERVER_MAIN = join(
  dirname(createRequire(import.meta.url).resolve('gitmsg/package.json')),
  'dist/main.js',
)

export interface RunningServer {
  readonly url: string
  readonly process: ChildProcess
  /** What the server has written to standard output and standard error. */
  output(): string
  /** Sends a signal and resolves with the exit code, or `null` if the signal ended the server. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** The environment of a server: the PATH, a free port and the settings, and nothing else of this process. */
export function serverEnvironment(settings: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', PORT: '0', ...settings }
}

/** Starts the server on a free port; resolves once it serves. */
export async function runServer(cwd: string, settings: Record<string, string> = {}): Promise<RunningServer> {
  const child = spawn(process.execPath, [SERVER_MAIN], { cwd, env: serverEnvironment(settings) })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const url = await until(() => {
    if (child.exitCode !== null) throw new Error(`The server exited with ${child.exitCode}:\n${output}`)
    return /Serving on (http:\S+\/)/.exec(output)?.[1]
  })
  return {
    url,
    process: child,
    output: () => output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const exit = once(child, 'exit')
      child.kill(signal)
      const [code] = await exit
      return code
    },
  }
}

const POLL_MS = 20

/** Calls `read` until its result is neither `undefined` nor `false`; rejects after `timeoutMs`. */
export async function until<Result>(
  read: () => Result | undefined | false | Promise<Result | undefined | false>,
  timeoutMs = 20_000,
): Promise<Result> {
  const end = performance.now() + timeoutMs
  while (performance.now() < end) {
    const result = await read()
    if (result !== undefined && result !== false) return result
    await pause(POLL_MS)
  }
  throw new Error(`There was no result within ${timeoutMs} ms.`)
}
