import { constants } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Remote } from '@gitmsg/git-sync/local'
import type { ReadOnlyFileSystem } from '../file-system.js'
import type { SettingsReader } from './settings-reader.js'

/** The database's file in the data directory. */
export const DATABASE_FILE = 'gitmsg.db'

/** The file of the accounts in the data directory. */
export const ACCOUNTS_FILE = 'accounts.db'

/** The local repository's folder in the data directory. */
export const REPOSITORY_FOLDER = 'repository.git'

/** The data directory, and the file system that it is in. */
export interface DataDirectory {
  readonly dataDirectory: string
  readonly fileSystem: ReadOnlyFileSystem
}

const { R_OK, W_OK, X_OK, S_IFMT, S_IFDIR } = constants

/**
 * Parses the path of the data directory. It need not exist, and may be in a work tree but not in a repository. What
 * exists of it must be accessible.
 */
export function parseDataDirectory(reader: SettingsReader, fileSystem: ReadOnlyFileSystem): string {
  const directory = resolve(reader.text('GITMSG_DATA_DIR'))
  if (isInRepository(realPath(directory, fileSystem), fileSystem)) {
    reader.report(
      'GITMSG_DATA_DIR',
      'is in a bare Git repository or a .git folder: choose a folder outside, because the data would be lost with the repository',
    )
  }
  reader.check('GITMSG_DATA_DIR', () => assertUsable(directory, fileSystem))
  return directory
}

/** @throws {Error} naming what cannot be used: the folder, the one to create it in, or the database */
function assertUsable(directory: string, fileSystem: ReadOnlyFileSystem): void {
  const folder = nearestFolder(directory, fileSystem)
  assertAccess(folder, W_OK | X_OK, fileSystem)
  const database = join(directory, DATABASE_FILE)
  if (fileSystem.existsSync(database)) assertAccess(database, R_OK | W_OK, fileSystem)
}

/** The folder itself, or the nearest one above it that exists. */
function nearestFolder(path: string, fileSystem: ReadOnlyFileSystem): string {
  if (!fileSystem.existsSync(path)) return nearestFolder(dirname(path), fileSystem)
  if ((fileSystem.statSync(path).mode & S_IFMT) !== S_IFDIR) throw new Error(`${path} is not a folder`)
  return path
}

function assertAccess(path: string, mode: number, fileSystem: ReadOnlyFileSystem): void {
  try {
    fileSystem.accessSync(path, mode)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const advice = code === 'EROFS' ? 'its disk is read-only' : 'check its owner and permissions'
    throw new Error(`${path} cannot be used (${code}): ${advice}`)
  }
}

/** @throws {Error} if a remote is the repository that the server itself would push from */
export function assertNotOwnRepository(
  { scheme, url }: Remote,
  { dataDirectory, fileSystem }: DataDirectory,
): void {
  if (scheme !== 'file') return
  const path = /^file:/i.test(url) ? fileURLToPath(url) : url
  const own = realPath(join(dataDirectory, REPOSITORY_FOLDER), fileSystem)
  // git also finds a repository by its name without `.git`.
  if ([path, `${path}.git`].some((candidate) => realPath(candidate, fileSystem) === own)) {
    throw new Error('the remote must not be the repository in the data directory itself')
  }
}

/** Whether git treats a folder, or one above it, as a repository: a bare one, or the `.git` of a work tree. */
function isInRepository(folder: string, fileSystem: ReadOnlyFileSystem): boolean {
  const isRepository = ['HEAD', 'objects', 'refs'].every((name) => fileSystem.existsSync(join(folder, name)))
  if (isRepository) return true
  const parent = dirname(folder)
  return parent !== folder && isInRepository(parent, fileSystem)
}

/** Resolves the symbolic links of a path whose last parts need not exist. */
function realPath(path: string, fileSystem: ReadOnlyFileSystem): string {
  if (fileSystem.existsSync(path)) return fileSystem.realpathSync(path)
  const parent = dirname(path)
  return parent === path ? path : join(realPath(parent, fileSystem), basename(path))
}
