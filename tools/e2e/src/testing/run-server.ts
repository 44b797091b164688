import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** The built server, as `npm start` runs it. */
export const SERVER_MAIN = join(
  dirname(createRequire(import.meta.url).resolve('@gitmsg/server/package.json')),
  'dist/main.js',
)

export interface RunningServer {
  readonly url: string
  readonly process: ChildProcess
  /** What it wrote on standard output and standard error until now. */
  output(): string
  /** Sends the signal and resolves with the exit code; `null` when the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** The environment of a server of its own, with nothing of the machine's but the PATH. */
export function serverEnvironment(settings: Record<string, string> = {}): Record<string, string> {
  return { PATH: process.env.PATH ?? '', PORT: '0', ...settings }
}

/** Starts the server on a free port; resolves when it serves. */
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
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${output}`)
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

/** Asks until there is an answer; fails after `milliseconds`. */
export async function until<Answer>(
  ask: () => Answer | undefined | false | Promise<Answer | undefined | false>,
  milliseconds = 20_000,
): Promise<Answer> {
  const end = performance.now() + milliseconds
  while (performance.now() < end) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    await pause(20)
  }
  throw new Error(`There was no answer within ${milliseconds} ms.`)
}
