import type { CommitAuthor, RecordedCommit } from '../../git-backend.js'

/** A commit without its hash and files. */
export type CommitText = Omit<RecordedCommit, 'hash' | 'files'>

const SIGNATURE = /^(author|committer) (.*?) ?<([^>]*)> (\d+) [+-]\d{4}$/gm
const UNREADABLE: CommitText = {
  author: { name: '', email: '' },
  authorDate: new Date(0),
  committer: { name: '', email: '' },
  committerDate: new Date(0),
  message: '',
}

/**
 * Parses a commit as `git cat-file` prints it: header lines, an empty line, the message. A commit that is malformed,
 * or `null` because it was too large to read, has empty fields.
 */
export function parseCommit(content: Buffer | null): CommitText {
  const headerEnd = content?.indexOf('\n\n') ?? -1
  if (content === null || headerEnd < 0) return UNREADABLE
  const text: Record<string, CommitAuthor | Date> = {}
  for (const [, role = '', name = '', email = '', seconds] of content
    .subarray(0, headerEnd)
    .toString()
    .matchAll(SIGNATURE)) {
    text[role] = { name, email }
    text[`${role}Date`] = new Date(Number(seconds) * 1000)
  }
  return { ...UNREADABLE, ...text, message: content.subarray(headerEnd + 2).toString() }
}
