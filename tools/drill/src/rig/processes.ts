import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** All processes that this one started, directly or not; Linux only, elsewhere none. */
export function descendantsOf(ancestor: number): number[] {
  const parents = processIds().map((id) => ({ id, parent: parentOf(id) }))
  const childrenOf = (id: number): number[] =>
    parents.filter(({ parent }) => parent === id).flatMap((child) => [child.id, ...childrenOf(child.id)])
  return childrenOf(ancestor)
}

/** Processes that work in this folder or below it: a server, and every git of it, orphans too. */
export function processesIn(folder: string): number[] {
  return processIds().filter((id) => `${folderOf(id)}/`.startsWith(`${folder}/`))
}

/** Sends a signal to those that still exist, parents first. */
export function signalAll(ids: readonly number[], signal: NodeJS.Signals): void {
  for (const id of ids) {
    try {
      process.kill(id, signal)
    } catch {
      // It is gone already.
    }
  }
}

/** Mebibytes of memory: what the process has now, and the most it ever had. */
export function memoryOf(id: number): { now: number; most: number } {
  const status = readProcess(id, 'status')
  const mebibytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024)
  return { now: mebibytes('VmRSS'), most: mebibytes('VmHWM') }
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

/** The name in parentheses may hold anything, so the fields are counted from its end. */
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
