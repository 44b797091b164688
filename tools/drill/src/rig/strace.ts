import { existsSync, readFileSync } from 'node:fs'
import { isInstalled } from './shell.js'

/** A fault at one system call. */
export interface Injection {
  /** The name of the call, or several names that are counted together, e.g. `fsync,fdatasync`. */
  readonly calls: string
  /** What happens, e.g. `signal=SIGKILL` or `error=EIO`. */
  readonly what: string
  /** The number of the call, counted from 1 in each process. */
  readonly at: number
  /** Whether every later call fails as well. Default: false. */
  readonly onwards?: boolean
}

/** Why faults cannot be injected on this machine; `null` if they can. */
export function straceObstacle(): string | null {
  if (process.platform !== 'linux') return 'strace runs on Linux only'
  return isInstalled('strace') ? null : 'strace is not installed'
}

/**
 * The arguments with which strace injects a fault.
 *
 * @param log the file to which strace writes the calls; it marks the one with the fault
 * @param options `children`: also inject into programs that the process starts. Default: false
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
 * Whether the fault really happened. A call at which the process is killed never returns.
 *
 * @param log as given to {@link straceArguments}
 */
export function wasInjected(log: string, { what }: Injection): boolean {
  const mark = what.startsWith('error') ? /\(INJECTED\)$/m : /= \?$/m
  return existsSync(log) && mark.test(readFileSync(log, 'utf8'))
}
