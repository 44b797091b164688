import type { Dirent } from 'node:fs'
import { join } from 'node:path'
import { GitSyncError } from '../../git-sync-error.js'
import type { Logger } from '../../logger.js'
import { isFileOpen, type UpkeepFileSystem } from './open-files.js'

/** What {@link removeStaleFiles} needs. */
export interface StaleFileOptions {
  readonly fs: UpkeepFileSystem
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

/** What git makes while it receives objects. A folder of them is only used by a fetch. */
const RECEIVED = /\/tmp_[^/]*$/
const RECEIVED_FOLDER = /\/tmp_objdir-[^/]*$/

/**
 * Removes at once what a fetch that failed has received, which may be large: git leaves it behind. Files of other git
 * processes in the repository are open, and stay. Without Linux's `/proc` it does nothing, and leaves everything to
 * {@link removeStaleFiles}.
 */
export async function removeReceivedFiles({
  fs,
  directory,
  logger,
}: Pick<StaleFileOptions, 'fs' | 'directory' | 'logger'>): Promise<void> {
  if (process.platform !== 'linux') return
  for await (const path of staleFilesIn(fs, join(directory, 'objects'), 1)) {
    if (!RECEIVED.test(path) || (!RECEIVED_FOLDER.test(path) && (await isFileOpen(fs, path)))) continue
    await fs.rm(path, { recursive: true, force: true })
    logger.info({ path }, 'removed a file of a fetch that failed')
  }
}

async function* staleFilesIn(fs: UpkeepFileSystem, directory: string, depth = 0): AsyncGenerator<string> {
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
const isKeepFileOfGit = async (fs: UpkeepFileSystem, path: string): Promise<boolean> =>
  /^(?:fast-import|fetch-pack|receive-pack)\b/.test(await fs.readFile(path, 'utf8').catch(() => ''))

const entriesOf = (fs: UpkeepFileSystem, directory: string): Promise<Dirent[]> =>
  fs.readdir(directory, { withFileTypes: true }).catch(ignoreMissing([]))

const ageOf = async (fs: UpkeepFileSystem, path: string, now: number): Promise<number> =>
  Math.abs(now - ((await fs.stat(path).catch(ignoreMissing(null)))?.mtimeMs ?? 0))

const ignoreMissing =
  <T>(fallback: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return fallback
    throw error
  }
