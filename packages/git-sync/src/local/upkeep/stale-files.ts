import type { Dirent } from 'node:fs'
import { join } from 'node:path'
import { GitSyncError } from '../../git-sync-error.js'
import type { Logger } from '../../logger.js'
import { isHeldOpen } from './held-open.js'

/** The part of `node:fs/promises` that is needed to tidy up. */
export interface LeftoverFileSystem {
  readdir(path: string, options: { withFileTypes: true }): Promise<Dirent[]>
  readFile(path: string, encoding: 'utf8'): Promise<string>
  rm(path: string, options: { recursive: true; force: true }): Promise<void>
  stat(path: string): Promise<{ mtimeMs: number; dev: number; ino: number }>
}

/** What {@link removeLeftovers} needs. */
export interface LeftoverOptions {
  readonly fs: LeftoverFileSystem
  readonly directory: string
  readonly clock: () => number
  readonly logger: Logger
  /** Called for each lock that was removed. */
  readonly onLockRemoved: () => void
}

/** Younger than this, a git that outlived its parent may still be using it. */
const YOUNG = 5000

const LOCK = /\.lock$/
const TEMPORARY = /^(?:tmp_|fast_import_crash_|\.tmp-)/
/** Where git keeps locks and temporary files; logs and hooks are none of our business. */
const FOLDERS = ['refs', 'objects']

/**
 * Removes what a git that was killed leaves behind: lock files, temporary files, and the `.keep` files that
 * would hold packs for ever. The caller guarantees that no other process uses the repository; a lock that is
 * only seconds old, or held open, is still respected, with `unavailable`: its git may have outlived its parent.
 */
export async function removeLeftovers({
  fs,
  directory,
  clock,
  logger,
  onLockRemoved,
}: LeftoverOptions): Promise<void> {
  for await (const path of leftoversIn(fs, directory)) {
    const age = await ageOf(fs, path, clock())
    if (LOCK.test(path) && (age < YOUNG || (await isHeldOpen(fs, path)))) {
      throw new GitSyncError('unavailable', 'another git may still be at work in the repository')
    }
    if (age < YOUNG) continue
    await fs.rm(path, { recursive: true, force: true })
    logger.info({ path }, 'removed what a killed git had left behind')
    if (LOCK.test(path)) onLockRemoved()
  }
}

async function* leftoversIn(fs: LeftoverFileSystem, directory: string, depth = 0): AsyncGenerator<string> {
  for (const entry of await entriesOf(fs, directory)) {
    const path = join(directory, entry.name)
    if (LOCK.test(entry.name) || TEMPORARY.test(entry.name)) yield path
    else if (entry.name.endsWith('.keep')) {
      if (await wasKeptByGit(fs, path)) yield path
    } else if (entry.isDirectory() && (depth > 0 || FOLDERS.includes(entry.name))) {
      yield* leftoversIn(fs, path, depth + 1)
    }
  }
}

/** People keep packs by hand with empty `.keep` files; git signs its own. */
const wasKeptByGit = async (fs: LeftoverFileSystem, path: string): Promise<boolean> =>
  /^(?:fast-import|fetch-pack|receive-pack)\b/.test(await fs.readFile(path, 'utf8').catch(() => ''))

const entriesOf = (fs: LeftoverFileSystem, directory: string): Promise<Dirent[]> =>
  fs.readdir(directory, { withFileTypes: true }).catch(ignoreMissing([]))

const ageOf = async (fs: LeftoverFileSystem, path: string, now: number): Promise<number> =>
  Math.abs(now - ((await fs.stat(path).catch(ignoreMissing(null)))?.mtimeMs ?? 0))

const ignoreMissing =
  <T>(instead: T) =>
  (error: NodeJS.ErrnoException): T => {
    if (error.code === 'ENOENT') return instead
    throw error
  }
