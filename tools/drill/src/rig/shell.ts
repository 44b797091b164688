import { execFileSync, spawnSync } from 'node:child_process'

/** Runs a program and returns what it printed; throws an error with its standard error if it fails. */
export function run(program: string, ...args: string[]): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Whether the program can be started on this machine. */
export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined
}

/** Runs plain git in a folder, as a user would, and returns what it printed. */
export function git(folder: string, ...args: string[]): string {
  return run('git', '-C', folder, ...args).trimEnd()
}

/** Whether `git fsck` finds every object present and valid. */
export function isIntact(repository: string): boolean {
  const { status } = spawnSync('git', ['-C', repository, 'fsck', '--strict', '--no-dangling'], {
    stdio: 'ignore',
  })
  return status === 0
}
