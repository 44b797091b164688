import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { StorageUsage } from '../storage-usage.js'

/** Reads the sizes of a database file and of its log, and of the disk that they are on. */
export async function readStorage(path: string): Promise<StorageUsage> {
  const [database, log, disk] = await Promise.all([
    readSize(path),
    readSize(`${path}-wal`),
    statfs(dirname(path)),
  ])
  return {
    databaseBytes: database + log,
    logBytes: log,
    freeBytes: disk.bavail * disk.bsize,
    diskBytes: disk.blocks * disk.bsize,
  }
}

/** The log is gone while no connection is open, and the database may have been moved away. */
async function readSize(path: string): Promise<number> {
  return (await stat(path).catch(() => ({ size: 0 }))).size
}
