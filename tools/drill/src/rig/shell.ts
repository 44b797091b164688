import { execFileSync, spawnSync } from 'node:child_process'

/** Runs a program to its end and answers what it printed; throws, with what it complained of, when it fails. */
export function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Whether the program can be started here. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined
}

/** Runs plain git in a folder, as a user would, and answers what it printed. */
export function git(folder: string, ...args: string[]): string {
  return run('git', '-C', folder, ...args).trimEnd()
}

/** Whether git says that every object is there, whole and in order. */
export function isWhole(repository: string): boolean {
  const { status } = spawnSync('git', ['-C', repository, 'fsck', '--strict', '--no-dangling'], {
    stdio: 'ignore',
  })
  return status === 0
}
