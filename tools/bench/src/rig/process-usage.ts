import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'

const POLL_MS = 20
/** The unit of Linux in which `/proc` counts. */
const MS_PER_TICK = 10

/** A process's peak memory until now, in mebibytes; NaN if the system does not report it. */
export function peakMebibytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}

/** The processor time that a process has used until now, in milliseconds; NaN if the system does not report it. */
export function processorMs(pid: number | undefined): number {
  return sumTicks(pid, [USER_TIME, SYSTEM_TIME]) * MS_PER_TICK
}

/** The same of a process and its children, also of those that have ended. */
export function processorMsOfFamily(pid: number): number {
  const ended = sumTicks(pid, [ENDED_USER_TIME, ENDED_SYSTEM_TIME]) * MS_PER_TICK
  // One that ends meanwhile counts as ended from now on.
  const running = childrenOf(pid)
    .map(processorMs)
    .filter((milliseconds) => !Number.isNaN(milliseconds))
  return running.reduce((sum, milliseconds) => sum + milliseconds, processorMs(pid) + ended)
}

/** Fields of `/proc/PID/stat`, counted from the one after the name. */
const [USER_TIME, SYSTEM_TIME, ENDED_USER_TIME, ENDED_SYSTEM_TIME] = [11, 12, 13, 14] as const

function sumTicks(pid: number | undefined, fields: readonly number[]): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may contain anything, so fields are counted from its end.
    const values = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields.reduce((sum, field) => sum + Number(values[field]), 0)
  } catch {
    return Number.NaN
  }
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/**
 * Polls a process until it exits.
 *
 * @returns reads the highest peak seen, in mebibytes
 */
export function watchPeak(child: ChildProcess): () => number {
  let peak = Number.NaN
  const readPeak = () => {
    const found = peakMebibytes(child.pid)
    if (!Number.isNaN(found)) peak = found
  }
  const timer = setInterval(readPeak, POLL_MS)
  child.once('exit', () => clearInterval(timer))
  return () => peak
}
