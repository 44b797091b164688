import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { watchPeak } from './process-usage.js'

/** Settings that make git as durable as gitmsg's own: what was written is on the disk. */
export const DURABLE = { 'core.fsync': 'all', 'core.fsyncMethod': 'batch' }
/** Git's defaults, which do not wait for the disk. */
export const DEFAULTS = {}

export interface GitOptions {
  readonly settings?: Readonly<Record<string, string>>
  /** A file for standard input. */
  readonly input?: string
}

/** The environment of every reference: no configuration files, no maintenance in the middle of a run. */
function gitEnvironment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const entries = Object.entries({ 'gc.auto': '0', 'maintenance.auto': 'false', ...settings })
  return {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: String(entries.length),
    ...Object.fromEntries(
      entries.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  }
}

/** Runs plain git in a folder and resolves with what it printed. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const env = gitEnvironment(DEFAULTS)
  const { stdout } = await promisify(execFile)('git', ['-C', folder, ...args], { env, maxBuffer: 2 ** 28 })
  return stdout.trimEnd()
}

/**
 * Runs a shell script in which git has these settings; rejects if it fails. The memory is that of the shell's
 * process.
 */
export async function runScript(
  script: string,
  args: readonly string[],
  { settings = DURABLE, input }: GitOptions = {},
): Promise<{ peakMebibytes: number }> {
  const stdin = input === undefined ? ('ignore' as const) : openSync(input, 'r')
  const child = spawn('sh', ['-e', '-c', script, 'script', ...args], {
    env: gitEnvironment(settings),
    stdio: [stdin, 'ignore', 'inherit'],
  })
  const peak = watchPeak(child)
  const [code] = await once(child, 'exit')
  if (typeof stdin === 'number') closeSync(stdin)
  if (code !== 0) throw new Error(`The script exited with ${code}: ${script}`)
  return { peakMebibytes: peak() }
}

/** The tip of a repository's branch `main`; `null` if there is no such branch. */
export async function tipOf(repository: string): Promise<string | null> {
  return (await git(repository, 'for-each-ref', '--format=%(objectname)', 'refs/heads/main')) || null
}

/** Throws unless the branch is at the expected commit. */
export async function assertTip(repository: string, expected: string): Promise<void> {
  const tip = await tipOf(repository)
  if (tip !== expected) throw new Error(`${repository} is at ${tip}, not at ${expected}`)
}
