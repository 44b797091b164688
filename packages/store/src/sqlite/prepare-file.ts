import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StoreError } from '../store-error.js'

/** One page of the smallest size. SQLite would take a file of one byte for an empty one. */
const smallestDatabase = 512

/**
 * Makes sure that there is a file, for its owner only, and gives its absolute path.
 *
 * An existing file is never opened here: closing it would drop the locks that another connection of this process
 * has on it.
 */
export function prepareFile(path: string): string {
  if (typeof path !== 'string' || path.trim() !== path || path === '' || path === ':memory:') {
    throw new StoreError('invalid-argument', 'path must name a file')
  }
  const absolute = resolve(path)
  const status = statSync(absolute, { throwIfNoEntry: false })
  if (!status) createFile(absolute)
  else if (!status.isFile()) throw new StoreError('not-a-store', 'the path is not a regular file')
  else if (status.size > 0 && status.size < smallestDatabase) {
    throw new StoreError('not-a-store', 'the file is too small to be a database')
  }
  return absolute
}

function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
