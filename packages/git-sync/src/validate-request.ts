import { isDate, isUint8Array } from 'node:util/types'
import type { AppendRequest, CommitAuthor, CommitDraft, FileChange } from './git-backend.js'
import { GitSyncError } from './git-sync-error.js'

/** Git's own rule for paths that a server may reject. */
const MAX_PATH_BYTES = 4096

/** Code points that some file systems ignore in names, so that `.g\u200cit` would be `.git` there. */
const IGNORED_IN_NAMES = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

// No message repeats the value: it may be a secret in the wrong place.
function fail(reason: string): never {
  throw new GitSyncError('invalid-change', reason)
}

/**
 * Throws `invalid-change` unless every backend can write every commit of the request. Call it first in
 * {@link GitBackend.prepare}: a request is then rejected before anything is written, and by all backends alike.
 *
 * @example
 * async prepare(request) {
 *   assertAppendRequest(request)
 *   // from here on, the request is as its types say, also if the caller is not TypeScript
 * }
 */
export function assertAppendRequest(request: AppendRequest): void {
  assertObject('the request', request)
  const { parent, commits } = request
  if (parent !== null && !isCommitHash(parent)) fail('the parent is not a commit hash')
  assertList('commits', commits)
  for (const draft of commits) assertDraft(draft)
}

function assertDraft(draft: CommitDraft): void {
  assertObject('a commit', draft)
  assertMessage(draft.message)
  assertAuthor('the author', draft.author)
  assertDate('the author date', draft.authorDate)
  assertAuthor('the committer', draft.committer)
  assertDate('the committer date', draft.committerDate)
  assertFiles(draft.files)
}

function assertMessage(message: string): void {
  assertText('the commit message', message)
  if (message.trim() === '') fail('the commit message is blank')
  if (message.includes('\0')) fail('the commit message contains NUL')
}

function assertAuthor(role: string, author: CommitAuthor): void {
  assertObject(role, author)
  const { name, email } = author
  for (const [field, value] of Object.entries({ name, email })) {
    assertText(`${role} ${field}`, value)
    if (value.trim() === '') fail(`${role} ${field} is blank`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is one of the characters that Git rejects
    if (/[<>\r\n\u0000]/.test(value)) fail(`${role} ${field} contains <, >, a line end or NUL`)
  }
}

function assertDate(what: string, date: Date): void {
  const time = isDate(date) ? date.getTime() : Number.NaN
  if (Number.isNaN(time)) fail(`${what} is not a valid date`)
  if (time < 0) fail(`${what} is before 1970, which Git cannot write`)
}

function assertFiles(files: readonly FileChange[]): void {
  assertList('files', files)
  for (const file of files) assertFile(file)
  const paths = new Set(files.map(({ path }) => path))
  if (paths.size < files.length) fail('a commit names one path twice')
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (paths.has(path.slice(0, end))) fail('a commit names one path as a file and as a folder')
    }
  }
}

function assertFile(file: FileChange): void {
  assertObject('a file', file)
  assertFilePath(file.path)
  const { content } = file
  if (content === null || isUint8Array(content)) return
  // The length of any other view of memory is not its number of bytes.
  if (ArrayBuffer.isView(content)) fail('the content of a file is not a Uint8Array')
  assertText('the content of a file', content)
}

/**
 * Throws `invalid-change` unless every Git server and file system can carry this path: relative, separated by `/`,
 * without empty, `.`, `..` or `.git` segments, backslashes or control characters, at most 4,096 bytes.
 */
export function assertFilePath(path: string): void {
  const invalid = (reason: string): never => fail(`not a file path: it ${reason}`)
  if (typeof path !== 'string') invalid('is not text')
  if (path === '') invalid('is empty')
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) invalid(`is over ${MAX_PATH_BYTES} bytes long`)
  if (path.includes('\\')) invalid('contains a backslash')
  if (/\p{Cc}/u.test(path)) invalid('contains a control character')
  if (/\p{Surrogate}/u.test(path)) invalid('is not well-formed Unicode')
  for (const segment of path.split('/')) {
    if (segment === '') invalid('has an empty segment, or starts or ends with "/"')
    if (segment === '.' || segment === '..') invalid('has a "." or ".." segment')
    if (isDotGit(segment)) invalid('has a segment that means ".git"')
  }
}

/** Whether some file system would treat this name as `.git`, the folder that holds the repository itself. */
function isDotGit(segment: string): boolean {
  const [name = ''] = segment.replace(IGNORED_IN_NAMES, '').toLowerCase().split(':')
  return /^(\.git|git~1)[. ]*$/.test(name)
}

/** Whether a value has the shape of an object name; the object need not exist. */
export const isCommitHash = (value: unknown): boolean =>
  typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)

function assertObject(what: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) fail(`${what} is not an object`)
}

function assertList(what: string, value: unknown): void {
  if (!Array.isArray(value)) fail(`${what} are not an array`)
  if (value.length === 0) fail(`there are no ${what}`)
}

function assertText(what: string, value: unknown): void {
  if (typeof value !== 'string') fail(`${what} is not text`)
  if (/\p{Surrogate}/u.test(value)) fail(`${what} is not well-formed Unicode`)
}
