import { dirname, join, resolve } from 'node:path'
import type { EnvironmentReader } from './environment-reader.js'
import type { FileReader } from './read-secret-files.js'
import { realPath } from './real-path.js'

/** Where the data is: it may be among the files of a work tree, but not among those that git keeps for itself. */
export function parseDataDirectory(reader: EnvironmentReader, files: FileReader): string {
  const directory = resolve(reader.text('GITMSG_DATA_DIR') ?? 'data')
  if (isInRepository(realPath(directory, files), files)) {
    reader.problems.push(
      'GITMSG_DATA_DIR is in a bare Git repository or a .git folder: whoever replaces that would take the data with it',
    )
  }
  return directory
}

/** Whether a folder, or one above it, is what git takes for a repository: bare, or the `.git` of a work tree. */
function isInRepository(folder: string, files: FileReader): boolean {
  if (['HEAD', 'objects', 'refs'].every((name) => files.existsSync(join(folder, name)))) return true
  const parent = dirname(folder)
  return parent !== folder && isInRepository(parent, files)
}
