import * as fs from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FILE_NAME = 'gitmsg-private-config'
/** What git appends to a path to find the repository. */
const SUFFIXES = ['', '/.git', '.git', '.git/.git']

/** The address of a remote, as git gets it. */
export interface Address {
  readonly url: string
  /** `file` for a path. */
  readonly scheme: string
}

/** A configuration file of git's own in a directory, instead of the user's. */
export const privateConfigurationPath = (directory: string): string => join(directory, FILE_NAME)

/** The folder of a remote that is a path; `null` for any other remote. */
export function remoteFolder(remote: Address | null): string | null {
  if (remote?.scheme !== 'file') return null
  const path = /^file:/i.test(remote.url) ? fileURLToPath(remote.url) : remote.url
  return path.length > 1 ? path.replace(/\/+$/, '') : path
}

/**
 * Writes the private configuration: it allows git to use the folder of the remote if it belongs to another user, as on
 * a network disk or a mounted volume, and no other folder. The commands that git starts at the remote's end read it
 * too; they see neither arguments nor variables with settings.
 */
export async function writePrivateConfiguration(directory: string, folder: string): Promise<void> {
  const path = privateConfigurationPath(directory)
  const temporary = `${path}.new`
  // Replaced as a whole, because git may be reading the old one.
  await fs.writeFile(temporary, formatSafeDirectories(await foldersOf(folder)), { mode: 0o600 })
  await fs.rename(temporary, path)
}

/** The names under which git may compare the folder: as given, and without symbolic links. */
async function foldersOf(folder: string): Promise<string[]> {
  const candidates = SUFFIXES.map((suffix) => folder + suffix)
  const real = await Promise.all(candidates.map((path) => fs.realpath(path).catch(() => path)))
  return [...new Set([...candidates, ...real])]
}

function formatSafeDirectories(folders: readonly string[]): string {
  // git would take a name that ends with "/*" for every folder below.
  const plain = folders.filter((folder) => !folder.endsWith('/*'))
  return `[safe]\n${plain.map((folder) => `\tdirectory = ${quote(folder)}\n`).join('')}`
}

const quote = (text: string): string =>
  `"${text.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`
