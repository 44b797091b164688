import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { peakMebibytes, processorMs } from './process-usage.js'

export interface RunningServer {
  readonly url: string
  /** Milliseconds from the start of the process until it served. */
  readonly readyAfterMs: number
  /** Its peak memory until now, in mebibytes. */
  peak(): number
  /** The processor time that it has used until now, in milliseconds. */
  processorMs(): number
  /** Kills it: what it acknowledged must be on the disk. Further calls do nothing. */
  stop(): Promise<void>
}

/** Starts a server and waits until it prints its address. */
export async function startServer(
  folder: string,
  command: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, command, {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', GITMSG_DATA_DIR: folder, LOG_LEVEL: 'info', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const kill = () => child.kill('SIGKILL')
  // Prepended, so that the server is gone before its folder is removed.
  process.prependOnceListener('exit', kill)
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /Serving on (http:\/\/[\d.:]+\/)/.exec(line)?.[1]
    if (!url) continue
    const readyAfterMs = performance.now() - startedAt
    child.stdout.resume()
    return {
      url,
      readyAfterMs,
      peak: () => peakMebibytes(child.pid),
      processorMs: () => processorMs(child.pid),
      async stop() {
        kill()
        process.off('exit', kill)
        await ended
      },
    }
  }
  throw new Error('The server exited before it served')
}
