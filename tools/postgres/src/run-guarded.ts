import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Binaries } from './binaries.js'

/** A running PostgreSQL, and the shell that ends it with this process. */
export interface GuardedServer {
  readonly guard: ChildProcess
  readonly pid: number
}

/** Ends with its standard input, and so with the process that started it, however that ends. */
const GUARD = '"$0" "$@" <&- & server=$!; echo "pid $server" >&2; cat; kill -INT "$server"; wait "$server"'
const READY = /database system is ready to accept (read-only )?connections/
const LOG_LINES = 5

/** Starts PostgreSQL; rejects with the end of its log if it does not serve. */
export async function runGuarded(
  { postgres, options }: Binaries,
  given: readonly string[],
): Promise<GuardedServer> {
  const guard = spawn('sh', ['-c', GUARD, postgres, ...given], {
    ...options,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const lines: string[] = []
  const reader = createInterface({ input: guard.stderr as NodeJS.ReadableStream })
  return new Promise((resolve, reject) => {
    let pid = 0
    reader.on('line', (line) => {
      if (pid === 0) pid = Number(/^pid (\d+)$/.exec(line)?.[1] ?? 0)
      lines.splice(0, lines.length - LOG_LINES + 1)
      lines.push(line)
      if (READY.test(line)) resolve({ guard, pid })
      // The guard would wait for its standard input.
      if (line.includes('database system is shut down')) guard.stdin?.end()
    })
    guard.on('error', reject)
    guard.on('close', () => reject(new Error(`PostgreSQL does not start: ${lines.join('; ')}`)))
  })
}
