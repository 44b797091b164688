import type { Dirent } from 'node:fs'

/** The part of `node:fs/promises` that is needed to find out who holds a file. */
interface HeldFileSystem {
  readdir(path: string, options: { withFileTypes: true }): Promise<Dirent[]>
  stat(path: string): Promise<{ dev: number; ino: number }>
}

const PROCESS = /^\d+$/
const NOT_OURS_TO_SEE = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'])

/**
 * Whether a process that we may look at has the file open. Linux tells, in `/proc`; elsewhere the answer is no,
 * and the file's age has to do.
 */
export async function isHeldOpen(fs: HeldFileSystem, path: string): Promise<boolean> {
  const file = await fs.stat(path).catch(() => null)
  if (file === null) return false
  for (const id of (await namesIn(fs, '/proc')).filter((name) => PROCESS.test(name))) {
    const folder = `/proc/${id}/fd`
    for (const descriptor of await namesIn(fs, folder)) {
      const open = await fs.stat(`${folder}/${descriptor}`).catch(() => null)
      if (open?.ino === file.ino && open.dev === file.dev) return true
    }
  }
  return false
}

/** A process may end, or be somebody else's, while we look; that nobody can look proves nothing. */
const namesIn = async (fs: HeldFileSystem, folder: string): Promise<string[]> => {
  try {
    return (await fs.readdir(folder, { withFileTypes: true })).map(({ name }) => name)
  } catch (error) {
    if (NOT_OURS_TO_SEE.has((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
