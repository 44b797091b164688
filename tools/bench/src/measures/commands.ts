import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Readings } from '../report/compare.js'
import { watchPeak } from '../rig/process-usage.js'
import { SERVER_MAIN } from '../rig/programs.js'

/** Runs `gitmsg COMMAND --json` on a data folder; rejects unless it exits with 0. */
export async function runCommand(
  command: string,
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ readings: Readings; result: Record<string, unknown> }> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, [SERVER_MAIN, command, '--json'], {
    cwd: folder,
    env: { PATH: process.env.PATH, GITMSG_DATA_DIR: folder, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const peak = watchPeak(child)
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`gitmsg ${command} exited with ${code}: ${output}`)
  const seconds = (performance.now() - startedAt) / 1000
  return { readings: { seconds, 'peak MiB': peak() }, result: JSON.parse(output) }
}
