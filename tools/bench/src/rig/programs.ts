import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The built server, as `npm start` runs it. */
export const SERVER_MAIN = join(
  dirname(createRequire(import.meta.url).resolve('@gitmsg/server/package.json')),
  'dist/main.js',
)

/** One of the benchmark's own programs, beside the built main file. */
export const programPath = (name: string): string => fileURLToPath(new URL(`${name}.js`, import.meta.url))

/** Runs one of the benchmark's own programs to its end and answers the JSON that it printed. */
export async function runProgram<Answer>(name: string, ...args: string[]): Promise<Answer> {
  const { stdout } = await promisify(execFile)(process.execPath, [programPath(name), ...args], {
    maxBuffer: 2 ** 26,
  })
  return JSON.parse(stdout)
}
