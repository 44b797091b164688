import { GitSyncError } from './git-sync-error.js'

/** Git's own rule for paths that a server may refuse to carry. */
const MAX_PATH_BYTES = 4096

/** Code points that some file systems ignore in names, so that `.g\u200cit` would be `.git` there. */
const IGNORED_IN_NAMES = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

const refuse = (reason: string): never => {
  throw new GitSyncError('invalid-change', `not a file path: it ${reason}`)
}

/** Whether some file system would take this name for `.git`, the folder that holds the repository itself. */
function meansDotGit(segment: string): boolean {
  const [name = ''] = segment.replace(IGNORED_IN_NAMES, '').toLowerCase().split(':')
  return /^(\.git|git~1)[. ]*$/.test(name)
}

/**
 * Throws `invalid-change` unless this is a path that every Git server and file system can carry: relative,
 * separated by `/`, without empty, `.`, `..` or `.git` segments, backslashes or control characters.
 */
export function assertFilePath(path: string): void {
  if (typeof path !== 'string') refuse('is not text')
  if (path === '') refuse('is empty')
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) refuse(`is over ${MAX_PATH_BYTES} bytes long`)
  if (path.includes('\\')) refuse('contains a backslash')
  if (/\p{Cc}/u.test(path)) refuse('contains a control character')
  if (/\p{Surrogate}/u.test(path)) refuse('is not well-formed Unicode')
  for (const segment of path.split('/')) {
    if (segment === '') refuse('has an empty segment, or starts or ends with "/"')
    if (segment === '.' || segment === '..') refuse('has a "." or ".." segment')
    if (meansDotGit(segment)) refuse('has a segment that means ".git"')
  }
}
