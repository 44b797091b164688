import { closeSync, lstatSync, mkdirSync, openSync, statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { StoreError } from '../store-error.js'

/** One page of the smallest size. SQLite would take a file of one byte for an empty database. */
const MIN_DATABASE_BYTES = 512

/** The file, and those that SQLite keeps beside it. */
const SUFFIXES = ['', '-wal', '-shm', '-journal']

/** Network file systems by their Linux magic numbers (statfs(2), linux/magic.h, `stat` of the GNU coreutils). */
const NETWORK_FILE_SYSTEMS: ReadonlyMap<bigint, string> = new Map([
  [0x6969n, 'NFS'],
  [0x517bn, 'SMB'],
  [0xff534d42n, 'CIFS'],
  [0xfe534d42n, 'SMB2'],
  [0x00c36400n, 'Ceph'],
  [0x5346414fn, 'AFS'],
  [0x6b414653n, 'AFS'],
  [0x73757245n, 'Coda'],
  [0x564cn, 'NCP'],
  [0x0bd00bd0n, 'Lustre'],
  [0x47504653n, 'GPFS'],
  [0x19830326n, 'BeeGFS'],
  [0xaad7aaean, 'PanFS'],
])

/**
 * Ensures that there is a regular file on a local disk, creating it for its owner only, and returns its absolute path.
 *
 * Rejects a symbolic link: SQLite would keep its log beside the target, where a backup would miss it. Never opens an
 * existing file: closing it would drop the locks that another connection of this process holds on it.
 *
 * @throws StoreError `invalid-argument`, `not-a-store`, `unsafe`
 */
export function ensureFile(path: string): string {
  if (typeof path !== 'string' || path.trim() !== path || path === '' || path === ':memory:') {
    throw new StoreError('invalid-argument', 'path must name a file')
  }
  const absolute = resolve(path)
  if (SUFFIXES.some((suffix) => statusOf(absolute + suffix)?.isSymbolicLink())) {
    throw new StoreError('not-a-store', 'the database, or a file beside it, is a symbolic link')
  }
  assertLocalDisk(absolute)
  const status = statusOf(absolute)
  if (!status) createFile(absolute)
  else if (!status.isFile()) throw new StoreError('not-a-store', 'the path is not a regular file')
  else if (status.size > 0 && status.size < MIN_DATABASE_BYTES) {
    throw new StoreError('not-a-store', 'the file is too small to be a database')
  }
  return absolute
}

/** Does not follow a symbolic link. */
const statusOf = (path: string) => lstatSync(path, { throwIfNoEntry: false })

function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    // Another process created it in the meantime.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/**
 * Rejects a path on a network disk; the file need not exist. The index of a write-ahead log is shared memory, which
 * processes on different machines do not share. FUSE and 9P are allowed, because containers and sandboxes use them for
 * local disks.
 *
 * @throws StoreError `unsafe`
 */
export function assertLocalDisk(path: string): void {
  if (process.platform !== 'linux') return // on other systems the numbers differ
  const name = NETWORK_FILE_SYSTEMS.get(fileSystemOf(dirname(path)))
  if (name) throw new StoreError('unsafe', `the database must be on a local disk, not on ${name}`)
}

/** The magic number of the file system of a folder, or of the nearest existing folder above it. */
function fileSystemOf(folder: string): bigint {
  try {
    // Some systems sign-extend these 32 bits to 64, and a number would lose the last digits.
    return BigInt.asUintN(32, statfsSync(folder, { bigint: true }).type)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return fileSystemOf(dirname(folder))
  }
}
