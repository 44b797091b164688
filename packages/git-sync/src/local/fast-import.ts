import { pipeline } from 'node:stream/promises'
import { throwIfAborted } from '../aborted.js'
import { withFinalLineEnd } from '../commit-message.js'
import type { AppendRequest, CommitAuthor, CommitDraft, CommitHash } from '../git-backend.js'
import { GitSyncError } from '../git-sync-error.js'
import type { Git } from './git.js'
import { gitFailure } from './git-failure.js'

/** Where commits are built before anybody can see them; free to be moved anywhere. */
const OUTGOING_REF = 'refs/gitmsg/outgoing'

// --force concerns this one private ref: it goes wherever the batch begins.
const ARGS = ['fast-import', '--quiet', '--done', '--force', '--date-format=raw']

/** Builds the commits in our own repository, in one process, and answers their hashes. Publishes nothing. */
export async function importCommits(
  git: Git,
  request: AppendRequest,
  signal: AbortSignal,
): Promise<CommitHash[]> {
  const child = git.start(ARGS, signal)
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

/** The request in the language of `git fast-import`, piece by piece, so that a slow git slows the producer. */
export function* fastImportStream({ parent, commits }: AppendRequest): Generator<Buffer> {
  yield Buffer.from(`reset ${OUTGOING_REF}\n${parent === null ? '' : `from ${parent}\n`}`)
  for (const [index, draft] of commits.entries()) {
    yield* commitStream(draft, index + 1)
  }
  yield Buffer.from('done\n')
}

function* commitStream(draft: CommitDraft, mark: number): Generator<Buffer> {
  yield Buffer.from(
    `commit ${OUTGOING_REF}\nmark :${mark}\n` +
      `author ${identity(draft.author, draft.authorDate)}\n` +
      `committer ${identity(draft.committer, draft.committerDate)}\n`,
  )
  yield data(withFinalLineEnd(draft.message))
  for (const { path, content } of draft.files) {
    if (content === null) yield Buffer.from(`D ${quoted(path)}\n`)
    else {
      yield Buffer.from(`M 100644 inline ${quoted(path)}\n`)
      yield data(content)
    }
  }
  yield Buffer.from(`get-mark :${mark}\n`)
}

const identity = ({ name, email }: CommitAuthor, date: Date): string =>
  `${name} <${email}> ${Math.floor(date.getTime() / 1000)} +0000`

function data(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([Buffer.from(`data ${bytes.byteLength}\n`), bytes, Buffer.from('\n')])
}

/** Paths have neither backslashes nor control characters, so the quotation mark is all there is to escape. */
const quoted = (path: string): string => `"${path.replaceAll('"', '\\"')}"`
