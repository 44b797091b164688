import { readFileSync, statfsSync } from 'node:fs'

const FOLDER = '/dev/shm'
/** Far more than tests hold at a time. */
const NEEDED_BYTES = 4 * 1024 ** 3

/**
 * A folder in memory for the files of tests, which wait for the disk most of the time otherwise; `undefined` if there is
 * none with enough space in which programs can run, as in many containers.
 */
export function findMemoryFolder(): string | undefined {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
    const options = mounts.map((line) => line.split(' ')).findLast(([, folder]) => folder === FOLDER)?.[3]
    const { bavail, bsize } = statfsSync(FOLDER)
    const isUsable = options?.split(',').every((option) => option !== 'noexec' && option !== 'ro')
    return isUsable && bavail * bsize >= NEEDED_BYTES ? FOLDER : undefined
  } catch {
    return undefined // not on Linux
  }
}
