import * as files from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { isExposed, type ReadOnlyFileSystem } from '../file-system.js'
import { type AccessToken, isTokenName, SCOPES } from './access-token.js'

const OWNER_ONLY_FILE = 0o600
const OWNER_ONLY_FOLDER = 0o700

/** Strict, because a misspelt `sender` would leave a token without its restriction. */
const TOKEN: z.ZodType<AccessToken> = z.strictObject({
  name: z.string().refine(isTokenName),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  scopes: z.array(z.enum(SCOPES)).min(1),
  sender: z.string().exactOptional(),
  created_at: z.string(),
})
const FILE = z.strictObject({ version: z.literal(1), tokens: z.array(z.unknown()) })

/**
 * Reads the file that `gitmsg token` writes.
 *
 * @throws {Error} if other users can access the file, or its content is not valid; the message quotes none of it
 */
export function readTokensFile(path: string, fileSystem: ReadOnlyFileSystem = files): AccessToken[] {
  if (isExposed(path, fileSystem)) throw new Error('other users can access the file: run chmod 600 on it')
  return decodeTokens(fileSystem.readFileSync(path, 'utf8'))
}

/**
 * Replaces the tokens in the file atomically, so that a server never reads half a change. Creates the file if it
 * is absent. A change that starts while another is in progress is rejected, so no change is lost.
 *
 * @throws {Error} from `change` or the file system, or if the file's content is not valid
 */
export function changeTokensFile(
  path: string,
  change: (tokens: readonly AccessToken[]) => readonly AccessToken[],
): void {
  const next = `${path}.new`
  const descriptor = createExclusively(next)
  try {
    const tokens = change(files.existsSync(path) ? readTokensFile(path) : [])
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

/** Encodes tokens as the text of the file. */
export function encodeTokens(tokens: readonly AccessToken[]): string {
  return `${JSON.stringify({ version: 1, tokens }, null, 2)}\n`
}

function decodeTokens(text: string): AccessToken[] {
  const file = FILE.safeParse(parseJson(text))
  if (!file.success) throw new Error('the file is not a version 1 tokens file')
  const tokens = z.array(TOKEN).safeParse(file.data.tokens)
  if (!tokens.success) throw new Error('a token in the file is not valid')
  const names = tokens.data.map(({ name }) => name)
  if (new Set(names).size < names.length) throw new Error('two tokens in the file have the same name')
  return tokens.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('the file is not valid JSON')
  }
}

/** The new file doubles as a lock: creating it fails while another process is changing the tokens. */
function createExclusively(path: string): number {
  files.mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER })
  try {
    return files.openSync(path, 'wx', OWNER_ONLY_FILE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Error(
      `${path} exists: another change is in progress, or one was interrupted; if none is running, remove the file`,
    )
  }
}
