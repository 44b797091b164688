import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { git, tipOf } from './git.js'

const MOVE_TIMEOUT_MS = 30_000
const POLL_MS = 1

/** Notices when a repository's branch moves, without running git, which would cost more than what is measured. */
export interface BranchWatch {
  /** Resolves with the time (`performance.now()`) at which the branch was first seen at another commit. */
  moved(): Promise<number>
  /** Throws unless the branch gained exactly one commit for each message. */
  assertOneCommitEach(messages: number): Promise<void>
}

/** Polls the file of the branch `main`. */
export async function watchBranch(repository: string): Promise<BranchWatch> {
  const first = await tipOf(repository)
  let known = first
  return {
    async moved() {
      const until = performance.now() + MOVE_TIMEOUT_MS
      while (performance.now() < until) {
        const tip = readTip(repository)
        if (tip !== null && tip !== known) {
          known = tip
          return performance.now()
        }
        await pause(POLL_MS)
      }
      throw new Error(`${repository} did not move within ${MOVE_TIMEOUT_MS} ms`)
    },
    async assertOneCommitEach(messages) {
      const range = first === null ? 'main' : `${first}..main`
      const commits = Number(await git(repository, 'rev-list', '--count', range))
      if (commits !== messages)
        throw new Error(`${repository} gained ${commits} commits for ${messages} messages`)
    },
  }
}

/** The commit in the branch's file; `null` while there is no such file. */
function readTip(repository: string): string | null {
  try {
    return readFileSync(join(repository, 'refs/heads/main'), 'latin1').trim() || null
  } catch {
    return null
  }
}
