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

/** The permission bits of everyone but the file's owner. */
const GROUP_AND_OTHERS = 0o077
const GROUP_READS = 0o040
const ROOT = 0

/**
 * Whether other users can access a file with secrets. A file of root's may be readable for a group: so Kubernetes
 * mounts a secret for another user.
 */
export function isExposed(path: string, fileSystem: ReadOnlyFileSystem): boolean {
  // Windows has no permission bits; the folder's access control list protects the file there.
  if (process.platform === 'win32') return false
  const { mode, uid } = fileSystem.statSync(path)
  const isMounted = uid === ROOT && process.getuid?.() !== ROOT
  return (mode & GROUP_AND_OTHERS & ~(isMounted ? GROUP_READS : 0)) !== 0
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
