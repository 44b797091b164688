import { pipeline } from 'node:stream/promises'
import type { AppendRequest, CommitAuthor, CommitDraft, CommitHash } from '../../git-backend.js'
import { GitSyncError, throwIfAborted } from '../../git-sync-error.js'
import { withFinalLineEnd } from '../../record-commit.js'
import { gitFailure } from './failure.js'
import type { Git } from './git.js'
import { BELOW_NORMAL_NICENESS } from './process-priority.js'

/** Where commits are built before they are published; it may move anywhere. */
const OUTGOING_REF = 'refs/gitmsg/outgoing'

/** Text is written to git in chunks: a write for each commit would cost more than the commit. */
const CHUNK_LENGTH = 64 * 1024

/** git writes each hash by itself, but those that it writes at once are read at once. */
const HASHES_AT_ONCE = 100

// --force only affects the private ref: it moves to the parent of each batch.
const ARGS = ['fast-import', '--quiet', '--done', '--force', '--date-format=raw']

/**
 * Builds the commits in the local repository, in one process, and resolves with their hashes. Publishes nothing. git
 * prints hashes every hundred commits, so one that is silent is frozen and given up.
 */
export async function importCommits(
  git: Git,
  request: AppendRequest,
  { idleTimeoutMs, signal }: { idleTimeoutMs: number; signal: AbortSignal },
): Promise<CommitHash[]> {
  const child = git.start(ARGS, signal, { niceness: BELOW_NORMAL_NICENESS, idleTimeoutMs })
  let marks = ''
  child.stdout.on('data', (chunk: Buffer) => {
    marks += chunk.toString('latin1')
  })
  // A git that exits early breaks the pipe; its standard error tells why it exited.
  await pipeline(fastImportStream(request), child.stdin).catch(() =>
    child.kill('git fast-import stopped reading its input'),
  )

  const { exitCode, stderr } = await child.ended
  throwIfAborted(signal)
  if (exitCode !== 0) throw gitFailure('git fast-import', { exitCode, stderr, stdout: '' })
  const hashes = marks.split('\n').slice(0, -1)
  if (hashes.length !== request.commits.length) {
    throw new GitSyncError('unavailable', 'git fast-import did not return a hash for every commit')
  }
  return hashes
}

/** The request as input for `git fast-import`, in chunks, so that a slow git slows the producer. */
export function* fastImportStream(request: AppendRequest): Generator<Buffer> {
  let text = ''
  for (const part of parts(request)) {
    if (typeof part === 'string') text += part
    else {
      yield Buffer.from(text)
      yield Buffer.from(part)
      text = ''
    }
    if (text.length < CHUNK_LENGTH) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

function* parts({ parent, commits }: AppendRequest): Generator<string | Uint8Array> {
  yield `reset ${OUTGOING_REF}\n${parent === null ? '' : `from ${parent}\n`}`
  for (const [index, draft] of commits.entries()) {
    yield header(draft, index + 1)
    for (const { path, content } of draft.files) {
      if (content === null) yield `D ${quoted(path)}\n`
      else {
        yield `M 100644 inline ${quoted(path)}\ndata ${Buffer.byteLength(content)}\n`
        yield content
        yield '\n'
      }
    }
    if ((index + 1) % HASHES_AT_ONCE === 0) yield getMarks(index + 1 - HASHES_AT_ONCE, index + 1)
  }
  yield getMarks(commits.length - (commits.length % HASHES_AT_ONCE), commits.length)
  yield 'done\n'
}

/** Requests the hashes of the commits from `start` (inclusive) to `end` (exclusive). */
function getMarks(start: number, end: number): string {
  let lines = ''
  for (let mark = start + 1; mark <= end; mark += 1) lines += `get-mark :${mark}\n`
  return lines
}

function header(
  { author, authorDate, committer, committerDate, message }: CommitDraft,
  mark: number,
): string {
  const text = withFinalLineEnd(message)
  return (
    `commit ${OUTGOING_REF}\nmark :${mark}\n` +
    `author ${identity(author, authorDate)}\n` +
    `committer ${identity(committer, committerDate)}\n` +
    `data ${Buffer.byteLength(text)}\n${text}\n`
  )
}

const identity = ({ name, email }: CommitAuthor, date: Date): string =>
  `${name} <${email}> ${Math.floor(date.getTime() / 1000)} +0000`

/** Paths have neither backslashes nor control characters, so only quotation marks need escaping. */
const quoted = (path: string): string => `"${path.replaceAll('"', '\\"')}"`
