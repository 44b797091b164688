import { existsSync, readFileSync } from 'node:fs'
import { isInstalled } from './shell.js'

/** What happens at one system call. */
export interface Injection {
  /** One name, or several that are counted together, e.g. `fsync,fdatasync`. */
  readonly calls: string
  /** `signal=SIGKILL`, `error=EIO`. */
  readonly what: string
  /** At which call, counted from 1 in each process; `onwards`: at every one after it, too. */
  readonly at: number
  readonly onwards?: boolean
}

/** Why system calls cannot be interfered with here; `null` where they can. */
export function straceObstacle(): string | null {
  if (process.platform !== 'linux') return 'strace is there on Linux only'
  return isInstalled('strace') ? null : 'strace is not installed'
}

/**
 * The arguments of strace that make it happen.
 *
 * @param log where strace writes what it saw; a call that was interfered with is marked there
 * @param options `children`: also in programs that the process starts. Default: false
 */
export function straceArguments(
  { calls, what, at, onwards }: Injection,
  log: string,
  { children = false } = {},
): string[] {
  const injection = `inject=${calls}:${what}:when=${at}${onwards ? '+' : ''}`
  return [
    '-f',
    ...(children ? [] : ['-b', 'execve']),
    '-qqq',
    '-o',
    log,
    '-e',
    `trace=${calls}`,
    '-e',
    'signal=none',
    '-e',
    injection,
  ]
}

/**
 * Whether it really happened. A process that is killed at a call never gets an answer from it.
 *
 * @param log as given to {@link straceArguments}
 */
export function wasInjected(log: string, { what }: Injection): boolean {
  const mark = what.startsWith('error') ? /\(INJECTED\)$/m : /= \?$/m
  return existsSync(log) && mark.test(readFileSync(log, 'utf8'))
}
