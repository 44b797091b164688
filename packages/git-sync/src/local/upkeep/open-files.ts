import type { Dirent } from 'node:fs'

const PROCESS_ID = /^\d+$/
const NOT_VISIBLE = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'])

/** The part of `node:fs/promises` that upkeep needs. */
export interface UpkeepFileSystem {
  readdir(path: string, options: { withFileTypes: true }): Promise<Dirent[]>
  readFile(path: string, encoding: 'utf8'): Promise<string>
  rm(path: string, options: { recursive: true; force: true }): Promise<void>
  stat(path: string): Promise<{ mtimeMs: number; dev: number; ino: number }>
}

/**
 * Whether a process that is visible to this one has the file open, as listed in Linux's `/proc`. Without `/proc` it
 * is never open, and only the file's age protects it.
 */
export async function isFileOpen(fs: UpkeepFileSystem, path: string): Promise<boolean> {
  const file = await fs.stat(path).catch(() => null)
  if (file === null) return false
  for (const id of (await namesIn(fs, '/proc')).filter((name) => PROCESS_ID.test(name))) {
    const folder = `/proc/${id}/fd`
    for (const descriptor of await namesIn(fs, folder)) {
      const open = await fs.stat(`${folder}/${descriptor}`).catch(() => null)
      if (open?.ino === file.ino && open.dev === file.dev) return true
    }
  }
  return false
}

/** Empty for a process that has exited or belongs to another user. Any other failure must not read as "not open". */
async function namesIn(fs: UpkeepFileSystem, folder: string): Promise<string[]> {
  try {
    return (await fs.readdir(folder, { withFileTypes: true })).map(({ name }) => name)
  } catch (error) {
    if (NOT_VISIBLE.has((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
