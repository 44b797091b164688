import { closeSync, lstatSync, mkdirSync, openSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StoreError } from '../store-error.js'
import { assertLocalDisk } from './assert-local-disk.js'

/** One page of the smallest size. SQLite would take a file of one byte for an empty one. */
const smallestDatabase = 512

/** What SQLite calls the file, and those that it keeps beside it. */
const suffixes = ['', '-wal', '-shm', '-journal']

/**
 * Makes sure that there is a file on a local disk, for its owner only, and gives its absolute path.
 *
 * It is no symbolic link: SQLite would keep its log beside what that leads to, where nobody looks for it. An existing
 * file is never opened here: closing it would drop the locks that another connection of this process has on it.
 *
 * @throws StoreError `invalid-argument`, `not-a-store`, `unsafe-sqlite`
 */
export function prepareFile(path: string): string {
  if (typeof path !== 'string' || path.trim() !== path || path === '' || path === ':memory:') {
    throw new StoreError('invalid-argument', 'path must name a file')
  }
  const absolute = resolve(path)
  if (suffixes.some((suffix) => look(absolute + suffix)?.isSymbolicLink())) {
    throw new StoreError('not-a-store', 'the database, or a file beside it, is a symbolic link')
  }
  assertLocalDisk(absolute)
  const status = look(absolute)
  if (!status) createFile(absolute)
  else if (!status.isFile()) throw new StoreError('not-a-store', 'the path is not a regular file')
  else if (status.size > 0 && status.size < smallestDatabase) {
    throw new StoreError('not-a-store', 'the file is too small to be a database')
  }
  return absolute
}

/** At the path itself, not at what it leads to. */
const look = (path: string) => lstatSync(path, { throwIfNoEntry: false })

function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
