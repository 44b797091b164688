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
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may contain anything, so fields are counted from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
  } catch {
    return Number.NaN
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
