import { closeSync, openSync } from 'node:fs'

/** Node.js opens about 300 files at the same time to load the program. */
export const MIN_OPENABLE_FILES = 350

/** Counts how many more files the process can open, up to `max`. */
export function countOpenableFiles(max: number): number {
  const files: number[] = []
  try {
    while (files.length < max) files.push(openSync(process.execPath, 'r'))
  } catch {
    // the limit of this process or of the system
  }
  for (const file of files) closeSync(file)
  return files.length
}
