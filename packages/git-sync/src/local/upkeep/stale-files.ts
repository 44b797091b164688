import type { Dirent } from 'node:fs'
import { join } from 'node:path'
import { GitSyncError } from '../../git-sync-error.js'
import type { Logger } from '../../logger.js'

/** The part of `node:fs/promises` that {@link removeStaleFiles} needs. */
export interface StaleFileSystem {
  readdir(path: string, options: { withFileTypes: true }): Promise<Dirent[]>
  readFile(path: string, encoding: 'utf8'): Promise<string>
  rm(path: string, options: { recursive: true; force: true }): Promise<void>
  stat(path: string): Promise<{ mtimeMs: number; dev: number; ino: number }>
}

/** What {@link removeStaleFiles} needs. */
export interface StaleFileOptions {
  readonly fs: StaleFileSystem
  readonly directory: string
  /** The time in milliseconds since 1970. */
  readonly clock: () => number
  readonly logger: Logger
  /** Called for each lock that was removed. */
  readonly onLockRemoved: () => void
}

/** A younger file may belong to a git that outlived its parent. */
const MIN_AGE_MS = 5000

const LOCK = /\.lock$/
const TEMPORARY = /^(?:tmp_|fast_import_crash_|\.tmp-)/
/** Where git has locks and temporary files, beside the top folder; logs and hooks are left alone. */
const FOLDERS = ['refs', 'objects']

const PROCESS_ID = /^\d+$/
const NOT_VISIBLE = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM'])

/**
 * Removes what a killed git left behind: lock files, temporary files, and the `.keep` files that would exclude packs
 * from repacking forever. The caller guarantees that no other process uses the repository; its own git may still
 * have outlived it, so a lock that is only seconds old, or open in a process, is `unavailable` instead.
 */
export async function removeStaleFiles(options: StaleFileOptions): Promise<void> {
  const { fs, directory, clock, logger, onLockRemoved } = options
  for await (const path of staleFilesIn(fs, directory)) {
    const isYoung = (await ageOf(fs, path, clock())) < MIN_AGE_MS
    const isLock = LOCK.test(path)
    if (isLock && (isYoung || (await isFileOpen(fs, path)))) {
      throw new GitSyncError('unavailable', 'another git process may still be using the repository')
    }
    if (isYoung) continue
    await fs.rm(path, { recursive: true, force: true })
    logger.info({ path }, 'removed a file that a killed git had left behind')
    if (isLock) onLockRemoved()
  }
}

async function* staleFilesIn(fs: StaleFileSystem, directory: string, depth = 0): AsyncGenerator<string> {
  for (const entry of await entriesOf(fs, directory)) {
    const path = join(directory, entry.name)
    if (LOCK.test(entry.name) || TEMPORARY.test(entry.name)) yield path
    else if (entry.name.endsWith('.keep')) {
      if (await isKeepFileOfGit(fs, path)) yield path
    } else if (entry.isDirectory() && (depth > 0 || FOLDERS.includes(entry.name))) {
      yield* staleFilesIn(fs, path, depth + 1)
    }
  }
}

/** People protect packs with empty `.keep` files; git writes its name into its own. */
const isKeepFileOfGit = async (fs: StaleFileSystem, path: string): Promise<boolean> =>
  /^(?:fast-import|fetch-pack|receive-pack)\b/.test(await fs.readFile(path, 'utf8').catch(() => ''))

const entriesOf = (fs: StaleFileSystem, directory: string): Promise<Dirent[]> =>
  fs.readdir(directory, { withFileTypes: true }).catch(ignoreMissing([]))

const ageOf = async (fs: StaleFileSystem, path: string, now: number): Promise<number> =>
  Math.abs(now - ((await fs.stat(path).catch(ignoreMissing(null)))?.mtimeMs ?? 0))

const ignoreMissing =
  <T>(fallback: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return fallback
    throw error
  }

/**
 * Whether a process that is visible to this one has the file open, as listed in Linux's `/proc`. Without `/proc` it
 * is never open, and only the file's age protects it.
 */
async function isFileOpen(fs: StaleFileSystem, path: string): Promise<boolean> {
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
async function namesIn(fs: StaleFileSystem, folder: string): Promise<string[]> {
  try {
    return (await fs.readdir(folder, { withFileTypes: true })).map(({ name }) => name)
  } catch (error) {
    if (NOT_VISIBLE.has((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}
