import type { Phases } from '../rig/phases.js'
import { runProgram } from '../rig/programs.js'

/** What one synchronization of a backlog measured. */
export interface SyncRun {
  readonly milliseconds: number
  /** Commits in each append. */
  readonly batches: readonly number[]
  readonly phases: Phases
  readonly peakMebibytes: number
}

/** Synchronizes what is pending in a data folder, in a new process whose start does not count. */
export const runSync = (folder: string, remote?: string): Promise<SyncRun> =>
  runProgram<SyncRun>('sync-backlog', folder, ...(remote === undefined ? [] : [remote]))
