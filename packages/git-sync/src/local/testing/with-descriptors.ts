import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'

const prlimit = (...args: string[]): string =>
  execFileSync('prlimit', ['--pid', String(process.pid), ...args], { encoding: 'utf8' }).trim()

/** Whether this system can leave a process without file descriptors. */
export const canTakeDescriptors = spawnSync('prlimit', ['--version']).error === undefined

/** Runs `work` while this process can open only `spare` more files. */
export async function withDescriptors<Result>(spare: number, work: () => Promise<Result>): Promise<Result> {
  const limit = prlimit('--nofile', '--output=SOFT', '--noheadings')
  prlimit('--nofile=512:')
  const taken: number[] = []
  try {
    takeAll(taken)
    for (const descriptor of taken.splice(0, spare)) closeSync(descriptor)
    return await work()
  } finally {
    for (const descriptor of taken) closeSync(descriptor)
    prlimit(`--nofile=${limit}:`)
  }
}

function takeAll(taken: number[]): void {
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EMFILE') throw error
  }
}
