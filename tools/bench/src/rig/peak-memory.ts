import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'

const LOOK_AGAIN = 20

/** The most memory that a process has had until now, in mebibytes; NaN where the system does not say it. */
export function peakMebibytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}

/** Looks at a process again and again until it has ended; answers the most memory it was seen to have had. */
export function watchPeak(child: ChildProcess): () => number {
  let peak = Number.NaN
  const look = () => {
    const found = peakMebibytes(child.pid)
    if (!Number.isNaN(found)) peak = found
  }
  const timer = setInterval(look, LOOK_AGAIN)
  child.once('exit', () => clearInterval(timer))
  return () => peak
}
