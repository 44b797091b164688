import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Remote } from '@gitmsg/git-sync/local'
import type { FileReader } from './read-secret-files.js'
import { realPath } from './real-path.js'

/** The local repository's folder in the data directory. */
export const REPOSITORY_FOLDER = 'repository.git'

/** Where the data is, and how to look there. */
export interface Place {
  readonly dataDirectory: string
  readonly files: FileReader
}

/** @throws {Error} where a remote is the very repository that would be pushed from */
export function assertNotOwnRepository({ scheme, url }: Remote, { dataDirectory, files }: Place): void {
  if (scheme !== 'file') return
  const path = /^file:/i.test(url) ? fileURLToPath(url) : url
  const own = realPath(join(dataDirectory, REPOSITORY_FOLDER), files)
  // git also finds a repository whose name was given without its ending.
  if ([path, `${path}.git`].some((candidate) => realPath(candidate, files) === own)) {
    throw new Error('the remote is the repository in the data directory itself')
  }
}
