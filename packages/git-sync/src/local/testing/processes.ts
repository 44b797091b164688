import { execFileSync } from 'node:child_process'

/** The command lines of all processes with this text in their arguments. */
export function processesWith(text: string): string[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  return lines.filter((line) => line.includes(text))
}

/** The command lines of the git processes that are children of this one. */
export function childrenOfThisProcess(): string[] {
  const lines = execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
  return lines.split('\n').filter((line) => /^\S*git /.test(line))
}
