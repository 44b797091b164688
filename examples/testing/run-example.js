import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

const execute = promisify(execFile)

/** A new folder, which is removed at the end of the test. */
export async function openFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'gitmsg-example-'))
  onTestFinished(() => rm(folder, { recursive: true, maxRetries: 20, retryDelay: 100 }))
  return folder
}

/** Runs a command in a folder to its end, and answers the lines that it printed. */
export async function run(folder, command, ...args) {
  const { stdout, stderr } = await execute(command, args, { cwd: folder })
  return `${stdout}${stderr}`.trimEnd().split('\n')
}

/** Runs an example, e.g. `two-servers/main.js`, as {@link run}. */
export const runExample = (folder, program, ...args) =>
  run(folder, process.execPath, join(import.meta.dirname, '..', program), ...args)

/** Starts an example that serves, on a free port, and answers its address and what stops it. */
export async function startExample(folder, program) {
  const path = join(import.meta.dirname, '..', program)
  const child = spawn(process.execPath, [path], { cwd: folder, env: { PATH: process.env.PATH, PORT: '0' } })
  onTestFinished(() => child.kill('SIGKILL'))
  child.stderr.pipe(process.stderr)
  const [output] = await once(child.stdout, 'data')
  return {
    url: /http:\S+/.exec(output)[0],
    async stop() {
      child.kill('SIGTERM')
      return (await once(child, 'exit'))[0]
    },
  }
}
