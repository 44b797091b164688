import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { GitSyncError } from '../../git-sync-error.js'

const NAME = process.platform === 'win32' ? 'git.exe' : 'git'

/**
 * Where git is: the first on a PATH. Folders that are not absolute are passed over, because what they mean
 * depends on where git is started.
 *
 * @throws {GitSyncError} `misconfigured` where it is nowhere
 */
export function findGit(path: string): string {
  const folders = path.split(delimiter).filter(isAbsolute)
  const found = folders.map((folder) => join(folder, NAME)).find(isExecutable)
  if (found === undefined) throw new GitSyncError('misconfigured', 'git is not in any folder of the PATH')
  return found
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
