import { pipeline } from 'node:stream/promises'
import type { AppendRequest, CommitAuthor, CommitDraft, CommitHash } from '../git-backend.js'
import { GitSyncError, throwIfAborted } from '../git-sync-error.js'
import { withFinalLineEnd } from '../record-commit.js'
import type { Git } from './git.js'
import { gitFailure } from './git-failure.js'
import { LESS_PRIORITY } from './lower-priority.js'

/** Where commits are built before anybody can see them; free to be moved anywhere. */
const OUTGOING_REF = 'refs/gitmsg/outgoing'

/** How much text is written to git at once: a write for each commit would cost more than the commit. */
const CHUNK = 64 * 1024

// --force concerns this one private ref: it goes wherever the batch begins.
const ARGS = ['fast-import', '--quiet', '--done', '--force', '--date-format=raw']

/** Builds the commits in our own repository, in one process, and answers their hashes. Publishes nothing. */
export async function importCommits(
  git: Git,
  request: AppendRequest,
  signal: AbortSignal,
): Promise<CommitHash[]> {
  const child = git.start(ARGS, signal, { niceness: LESS_PRIORITY })
  let marks = ''
  child.stdout.on('data', (chunk: Buffer) => {
    marks += chunk.toString('latin1')
  })
  // A git that ends early breaks the pipe; why it ended is in what it said.
  await pipeline(fastImportStream(request), child.stdin).catch(() => child.kill('the stream broke'))

  const { exitCode, stderr } = await child.ended
  throwIfAborted(signal)
  if (exitCode !== 0) throw gitFailure('git fast-import', { exitCode, stderr, stdout: '' })
  const hashes = marks.split('\n').slice(0, -1)
  if (hashes.length !== request.commits.length) {
    throw new GitSyncError('unavailable', 'git fast-import did not name every commit')
  }
  return hashes
}

/** The request in the language of `git fast-import`, bit by bit, so that a slow git slows the producer. */
export function* fastImportStream(request: AppendRequest): Generator<Buffer> {
  let text = ''
  for (const piece of pieces(request)) {
    if (typeof piece === 'string') text += piece
    else {
      yield Buffer.from(text)
      yield Buffer.from(piece)
      text = ''
    }
    if (text.length < CHUNK) continue
    yield Buffer.from(text)
    text = ''
  }
  yield Buffer.from(text)
}

function* pieces({ parent, commits }: AppendRequest): Generator<string | Uint8Array> {
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
    yield `get-mark :${index + 1}\n`
  }
  yield 'done\n'
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

/** Paths have neither backslashes nor control characters, so the quotation mark is all there is to escape. */
const quoted = (path: string): string => `"${path.replaceAll('"', '\\"')}"`
