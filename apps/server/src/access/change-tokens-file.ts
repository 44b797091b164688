import * as files from 'node:fs'
import { dirname } from 'node:path'
import type { AccessToken } from './access-token.js'
import { encodeTokens, readTokensFile } from './tokens-file.js'

/**
 * Replaces the tokens in the file as a whole, so that a server never sees half of a change; makes the file
 * where there is none. Two changes at once do not lose one another: the second is refused.
 *
 * @throws {Error} of `change`, of the file system, or because the file is not one of tokens
 */
export function changeTokensFile(
  path: string,
  change: (tokens: readonly AccessToken[]) => readonly AccessToken[],
): void {
  const next = `${path}.new`
  const descriptor = claim(next)
  try {
    const tokens = change(files.existsSync(path) ? readTokensFile(path, files) : [])
    files.writeFileSync(descriptor, encodeTokens(tokens))
    files.fsyncSync(descriptor)
    files.renameSync(next, path)
  } catch (error) {
    files.rmSync(next, { force: true })
    throw error
  } finally {
    files.closeSync(descriptor)
  }
}

function claim(path: string): number {
  files.mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    return files.openSync(path, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Error(`${path} is there: another change is under way, or one was cut short; then remove it`)
  }
}
