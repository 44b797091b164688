import { writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/** For what writes while messages are posted: whoever answers people goes first. */
export const LESS_PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL
/** For what nobody waits for. */
export const LEAST_PRIORITY = constants.priority.PRIORITY_LOW

/**
 * Lets others have the processor first; `niceness` is that of nice(1), from 0 to 19.
 *
 * Where Linux shares the processor out by session (`sched_autogroup_enabled`, the default of most distributions), a
 * process's own priority counts only within its session. git is started in a session of its own, so this lowers
 * the session's, too.
 */
export function lowerPriority(pid: number, niceness: number): void {
  attempt(() => setPriority(pid, niceness))
  attempt(() => writeFileSync(`/proc/${pid}/autogroup`, String(niceness)))
}

/** The process may have ended already, or the system knows no priorities: then it runs like any other. */
function attempt(change: () => void): void {
  try {
    change()
  } catch {}
}
