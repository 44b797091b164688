import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** All processes that a process started, directly or indirectly. On Linux only; elsewhere none. */
export function descendantsOf(ancestor: number): number[] {
  const parents = processIds().map((id) => ({ id, parent: parentOf(id) }))
  const childrenOf = (id: number): number[] =>
    parents.filter(({ parent }) => parent === id).flatMap((child) => [child.id, ...childrenOf(child.id)])
  return childrenOf(ancestor)
}

/** All processes whose current folder is this one or below it: a server and its git processes, including orphans. */
export function processesIn(folder: string): number[] {
  return processIds().filter((id) => `${folderOf(id)}/`.startsWith(`${folder}/`))
}

/** Sends a signal to the processes that still exist, in the given order. */
export function signalAll(ids: readonly number[], signal: NodeJS.Signals): void {
  for (const id of ids) {
    try {
      process.kill(id, signal)
    } catch {
      // The process has exited.
    }
  }
}

/** The memory of a process in mebibytes: now and at its peak. */
export function memoryOf(id: number): { now: number; peak: number } {
  const status = readProcess(id, 'status')
  const mebibytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024)
  return { now: mebibytes('VmRSS'), peak: mebibytes('VmHWM') }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

/** The name in parentheses may contain anything, so fields are counted from its end. */
function parentOf(id: number): number {
  const stat = readProcess(id, 'stat')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function readProcess(id: number, file: string): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

function folderOf(id: number): string {
  try {
    return readlinkSync(`/proc/${id}/cwd`)
  } catch {
    return ''
  }
}
