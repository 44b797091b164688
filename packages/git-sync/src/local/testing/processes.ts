import { execFileSync } from 'node:child_process'

/** The command lines of all processes that name this folder in their arguments. */
export function processesIn(folder: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes(folder))
}

/** The command lines of the git processes that this one has started. */
export function childrenOfThisProcess(): string[] {
  const lines = execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
  return lines.split('\n').filter((line) => /^\S*git /.test(line))
}
