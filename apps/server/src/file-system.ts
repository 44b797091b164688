// Imports only modules of Node.js: main.ts loads it before it is known how many files can be opened.

import { closeSync, openSync } from 'node:fs'

/** The part of `node:fs` that reading the configuration needs. Tests pass an in-memory file system instead. */
export interface ReadOnlyFileSystem {
  readFileSync(path: string, encoding: 'utf8'): string
  statSync(path: string): { readonly mode: number; readonly uid: number }
  existsSync(path: string): boolean
  realpathSync(path: string): string
  /** @throws the system's error if the process lacks a permission in `mode` */
  accessSync(path: string, mode: number): void
}

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
