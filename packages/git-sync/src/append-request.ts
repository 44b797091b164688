import { isDate, isUint8Array } from 'node:util/types'
import { assertFilePath } from './file-path.js'
import type { AppendRequest, CommitAuthor, CommitDraft, FileChange } from './git-backend.js'
import { GitSyncError } from './git-sync-error.js'

export { assertFilePath }

function refuse(reason: string): never {
  throw new GitSyncError('invalid-change', reason)
}

/** Whether a value has the shape of an object name; says nothing about such an object existing. */
export const isCommitHash = (value: unknown): boolean =>
  typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)

// What does not come from TypeScript may be anything.
function assertObject(what: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) refuse(`${what} is not an object`)
}

function assertList(what: string, value: unknown): void {
  if (!Array.isArray(value)) refuse(`${what} are not an array`)
  if (value.length === 0) refuse(`there are no ${what}`)
}

function assertText(what: string, value: unknown): void {
  if (typeof value !== 'string') refuse(`${what} is not text`)
  if (/\p{Surrogate}/u.test(value)) refuse(`${what} is not well-formed Unicode`)
}

function assertAuthor(who: string, author: CommitAuthor): void {
  assertObject(who, author)
  const { name, email } = author
  for (const [field, value] of Object.entries({ name, email })) {
    assertText(`${who} ${field}`, value)
    if (value.trim() === '') refuse(`${who} ${field} is blank`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is one of the characters refused
    if (/[<>\r\n\u0000]/.test(value)) refuse(`${who} ${field} contains <, >, a line end or NUL`)
  }
}

function assertDate(what: string, date: Date): void {
  const time = isDate(date) ? date.getTime() : Number.NaN
  if (Number.isNaN(time)) refuse(`${what} is not a valid date`)
  if (time < 0) refuse(`${what} is before 1970, which Git cannot write`)
}

function assertMessage(message: string): void {
  assertText('the commit message', message)
  if (message.trim() === '') refuse('the commit message is blank')
  if (message.includes('\0')) refuse('the commit message contains NUL')
}

function assertFile(file: FileChange): void {
  assertObject('a file', file)
  assertFilePath(file.path)
  const { content } = file
  if (content === null || isUint8Array(content)) return
  // Any other view of memory has another length than its bytes.
  if (ArrayBuffer.isView(content)) refuse('the content of a file is not a Uint8Array')
  assertText('the content of a file', content)
}

function assertFiles(files: readonly FileChange[]): void {
  assertList('files', files)
  for (const file of files) assertFile(file)
  const paths = new Set(files.map(({ path }) => path))
  if (paths.size < files.length) refuse('a commit names one path twice')
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (paths.has(path.slice(0, end))) refuse('a commit names one path as a file and as a folder')
    }
  }
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

/**
 * Throws `invalid-change` unless every commit of the request can be written by every backend, so that a
 * request is refused before anything is written, and by all backends alike.
 */
export function assertAppendRequest(request: AppendRequest): void {
  assertObject('the request', request)
  const { parent, commits } = request
  if (parent !== null && !isCommitHash(parent)) refuse('the parent is not a commit hash')
  assertList('commits', commits)
  for (const draft of commits) assertDraft(draft)
}
