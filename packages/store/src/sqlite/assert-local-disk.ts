import { statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreError } from '../store-error.js'

/** Network file systems, by the numbers that Linux gives them (statfs(2), linux/magic.h, `stat` of the GNU coreutils). */
const networkFileSystems: ReadonlyMap<bigint, string> = new Map([
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
 * Refuses a network disk for a file that may not exist yet: the index of a write-ahead log is shared memory, which
 * processes on different machines do not share. FUSE and 9P are let through, because local disks come through them, too:
 * those of containers and sandboxes.
 *
 * @throws StoreError `unsafe-sqlite`
 */
export function assertLocalDisk(path: string): void {
  if (process.platform !== 'linux') return // elsewhere the numbers mean something else
  const name = networkFileSystems.get(fileSystemOf(dirname(path)))
  if (name) throw new StoreError('unsafe-sqlite', `the database must be on a local disk, and this is ${name}`)
}

/** The number of the file system that a folder is on, or that it would be made on. */
function fileSystemOf(folder: string): bigint {
  try {
    // Some systems extend the sign of these 32 bits to 64, of which a plain number would lose the last.
    return BigInt.asUintN(32, statfsSync(folder, { bigint: true }).type)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return fileSystemOf(dirname(folder))
  }
}
