import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { peakMebibytes } from './peak-memory.js'

export interface RunningServer {
  readonly url: string
  /** Milliseconds from its start until it served. */
  readonly readyAfter: number
  /** The most memory it has had until now, in mebibytes. */
  peak(): number
  /** Ends it at once: what it acknowledged must be there. Calling it again does nothing. */
  stop(): Promise<void>
}

/** Starts a server and waits until it says where it serves. */
export async function startServer(
  folder: string,
  command: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const began = performance.now()
  const child = spawn(process.execPath, command, {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', GITMSG_DATA_DIR: folder, LOG_LEVEL: 'info', ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const kill = () => child.kill('SIGKILL')
  // Before its folder is removed.
  process.prependOnceListener('exit', kill)
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /Serving on (http:\/\/[\d.:]+\/)/.exec(line)?.[1]
    if (!url) continue
    const readyAfter = performance.now() - began
    child.stdout.resume()
    return {
      url,
      readyAfter,
      peak: () => peakMebibytes(child.pid),
      async stop() {
        kill()
        process.off('exit', kill)
        await ended
      },
    }
  }
  throw new Error('The server ended before it served')
}
