import { writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/** For commands that write while requests are served. */
export const BELOW_NORMAL_NICENESS = constants.priority.PRIORITY_BELOW_NORMAL
/** For commands that no caller waits for. */
export const LOWEST_NICENESS = constants.priority.PRIORITY_LOW
/** From 0, the default, to 1000, the first to be killed. */
const OUT_OF_MEMORY_SCORE = '500'

/**
 * Lowers the priority of a process; `niceness` is as for nice(1), from 0 to 19.
 *
 * If Linux schedules by session (`sched_autogroup_enabled`, the default of most distributions), the priority of a
 * process only counts within its session. git runs in a session of its own, so this lowers the session's, too.
 */
export function lowerPriority(pid: number, niceness: number): void {
  ignoreErrors(() => setPriority(pid, niceness))
  ignoreErrors(() => writeFileSync(`/proc/${pid}/autogroup`, String(niceness)))
}

/**
 * Has Linux kill git before this process when memory runs out: git lists the files of a commit as a whole, and a few
 * kilobytes of nested folders can be millions of files.
 */
export function preferToKill(pid: number): void {
  ignoreErrors(() => writeFileSync(`/proc/${pid}/oom_score_adj`, OUT_OF_MEMORY_SCORE))
}

/** The process may have exited already, or the system has no priorities: then it runs at the normal one. */
function ignoreErrors(change: () => void): void {
  try {
    change()
  } catch {}
}
