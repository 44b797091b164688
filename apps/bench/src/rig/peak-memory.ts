import { readFileSync } from 'node:fs'

/** The most memory that a process has had until now, in mebibytes; NaN where the system does not say it. */
export function peakMebibytes(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}
