import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { git, tipOf } from './git.js'

const PATIENCE = 30_000

/** Sees a repository's branch move without asking git, which would cost more than what is measured. */
export interface BranchWatch {
  /** Resolves with the moment (`performance.now()`) at which the branch was seen elsewhere than before. */
  moved(): Promise<number>
  /** Throws unless it gained exactly one commit for each message. */
  assertOneCommitEach(messages: number): Promise<void>
}

/** Looks at the file of `main`, about every millisecond. */
export async function watchBranch(repository: string): Promise<BranchWatch> {
  const first = await tipOf(repository)
  let known = first
  return {
    async moved() {
      const until = performance.now() + PATIENCE
      while (performance.now() < until) {
        const tip = readTip(repository)
        if (tip !== null && tip !== known) {
          known = tip
          return performance.now()
        }
        await pause(1)
      }
      throw new Error(`${repository} did not move within ${PATIENCE} ms`)
    },
    async assertOneCommitEach(messages) {
      const range = first === null ? 'main' : `${first}..main`
      const commits = Number(await git(repository, 'rev-list', '--count', range))
      if (commits !== messages)
        throw new Error(`${repository} gained ${commits} commits for ${messages} messages`)
    },
  }
}

/** Where the branch's file says it is; `null` while there is no such file. */
function readTip(repository: string): string | null {
  try {
    return readFileSync(join(repository, 'refs/heads/main'), 'latin1').trim() || null
  } catch {
    return null
  }
}
