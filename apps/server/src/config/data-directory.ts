import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Remote } from '@gitmsg/git-sync/local'
import type { ReadOnlyFileSystem } from '../read-only-file-system.js'
import type { EnvironmentReader } from './environment-reader.js'

/** The local repository's folder in the data directory. */
export const REPOSITORY_FOLDER = 'repository.git'

/** The data directory, and the file system that it is in. */
export interface DataDirectory {
  readonly dataDirectory: string
  readonly fileSystem: ReadOnlyFileSystem
}

/** Parses the path of the data directory. It need not exist, and may be in a work tree but not in a repository. */
export function parseDataDirectory(reader: EnvironmentReader, fileSystem: ReadOnlyFileSystem): string {
  const directory = resolve(reader.text('GITMSG_DATA_DIR') ?? 'data')
  if (isInRepository(realPath(directory, fileSystem), fileSystem)) {
    reader.problems.push(
      'GITMSG_DATA_DIR is in a bare Git repository or a .git folder: choose a folder outside, because the data would be lost with the repository',
    )
  }
  return directory
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
