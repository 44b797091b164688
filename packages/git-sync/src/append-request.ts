import { assertFilePath } from './file-path.js'
import type { AppendRequest, CommitAuthor, CommitDraft, FileChange } from './git-backend.js'
import { GitSyncError } from './git-sync-error.js'

export { assertFilePath }

const refuse = (reason: string): never => {
  throw new GitSyncError('invalid-change', reason)
}

const LONE_SURROGATE = /\p{Surrogate}/u

/** Whether a string has the shape of an object name; says nothing about such an object existing. */
export const isCommitHash = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)

function assertAuthor(who: string, { name, email }: CommitAuthor): void {
  for (const [field, value] of Object.entries({ name, email })) {
    if (value.trim() === '') refuse(`${who} ${field} is blank`)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is one of the characters refused
    if (/[<>\r\n\u0000]/.test(value)) refuse(`${who} ${field} contains <, >, a line end or NUL`)
    if (LONE_SURROGATE.test(value)) refuse(`${who} ${field} is not well-formed Unicode`)
  }
}

function assertDate(what: string, date: Date): void {
  const time = date.getTime()
  if (Number.isNaN(time)) refuse(`${what} is not a valid date`)
  if (time < 0) refuse(`${what} is before 1970, which Git cannot write`)
}

function assertMessage(message: string): void {
  if (message.trim() === '') refuse('the commit message is blank')
  if (message.includes('\0')) refuse('the commit message contains NUL')
  if (LONE_SURROGATE.test(message)) refuse('the commit message is not well-formed Unicode')
}

function assertFiles(files: readonly FileChange[]): void {
  if (files.length === 0) refuse('a commit has no files')
  for (const { path, content } of files) {
    assertFilePath(path)
    if (typeof content === 'string' && LONE_SURROGATE.test(content)) {
      refuse('the content of a file is not well-formed Unicode')
    }
  }
  const paths = new Set(files.map(({ path }) => path))
  if (paths.size < files.length) refuse('a commit names one path twice')
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (paths.has(path.slice(0, end))) refuse('a commit names one path as a file and as a folder')
    }
  }
}

function assertDraft(draft: CommitDraft): void {
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
export function assertAppendRequest({ parent, commits }: AppendRequest): void {
  if (parent !== null && !isCommitHash(parent)) refuse('the parent is not a commit hash')
  if (commits.length === 0) refuse('there are no commits to append')
  for (const draft of commits) assertDraft(draft)
}
