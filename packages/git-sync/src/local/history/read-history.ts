import { inParts } from '../../commit-parts.js'
import type { CommitHash, ReadOptions, RecordedCommit } from '../../git-backend.js'
import { throwIfAborted } from '../../git-sync-error.js'
import { DEFAULT_MAX_FILE_BYTES, isWithin } from '../../record-commit.js'
import { gitFailure } from '../git/failure.js'
import type { Git } from '../git/git.js'
import type { GitProcess } from '../git/git-process.js'
import { createByteReader } from './byte-reader.js'
import { parseCommit } from './commit-object.js'
import { createHeadReader, HEAD_READER_ARGS } from './head-reader.js'
import { logArgs, parseLog } from './log-parser.js'
import { createMainLine, type MainLine, mainLineArgs } from './main-line.js'
import { createObjectReader, OBJECT_READER_ARGS, type ObjectReader } from './object-reader.js'
import { type Patience, patientOutput } from './patient-output.js'
import { createFileReader } from './read-files.js'

const MAX_COMMIT_BYTES = 1024 * 1024
const NO_LONGER_NEEDED = 'git is no longer needed'

/** What {@link readHistory} reads. */
interface HistoryRange {
  readonly cursor: CommitHash | null
  readonly head: CommitHash
  /** How long a git may be silent while it is waited for. */
  readonly idleTimeoutMs: number
}

/**
 * The commits after `cursor` up to `head`, parents first, from three or four git processes: `log` lists the commits
 * and their files, `rev-list` those of the branch's own line, `cat-file --batch` reads them, and
 * `cat-file --batch-check` looks up what the head has. All have ended once the consumer stops.
 */
export async function* readHistory(
  git: Git,
  { cursor, head, idleTimeoutMs }: HistoryRange,
  options: ReadOptions & { signal: AbortSignal },
): AsyncGenerator<RecordedCommit> {
  const { signal, within, maxFileBytes = DEFAULT_MAX_FILE_BYTES, compareWithHead = false } = options
  const log = git.start(logArgs(cursor, head), signal)
  const line = git.start(mainLineArgs(cursor, head), signal)
  const batch = git.start(OBJECT_READER_ARGS, signal)
  const check = compareWithHead ? git.start(HEAD_READER_ARGS, signal) : null
  const children = {
    'git log': log,
    'git rev-list': line,
    'git cat-file': batch,
    ...(check && { 'git cat-file --batch-check': check }),
  }
  log.stdin.end()
  line.stdin.end()
  try {
    const all = (subject: string, child: GitProcess) => completeOutput(child, { subject, idleTimeoutMs })
    const asked = (subject: string, child: GitProcess) => ({
      stdin: child.stdin,
      stdout: patientOutput(child, { subject, idleTimeoutMs }),
    })
    const mainLine = createMainLine(createByteReader(all('git rev-list', line)))
    const objects = createObjectReader(asked('git cat-file', batch))
    const headFiles = check && createHeadReader(asked('git cat-file --batch-check', check), head)
    const files = createFileReader({ objects, head: headFiles, maxFileBytes })
    const logged = parseLog(createByteReader(all('git log', log)), (path) => isWithin(path, within))
    let commit: Omit<RecordedCommit, 'files'> | null = null
    for await (const { hash, files: changed, isContinued = false } of logged) {
      if (commit === null) objects.request([hash])
      files.request(changed)
      commit ??= await readCommit(hash, objects, mainLine)
      for await (const part of inParts(commit, files.read(changed))) {
        yield isContinued ? { ...part, isContinued } : part
        throwIfAborted(signal)
      }
      if (!isContinued) commit = null
    }
  } catch (error) {
    throwIfAborted(signal)
    throw (await failureOf(children)) ?? error
  } finally {
    const all = Object.values(children)
    for (const child of all) child.kill(NO_LONGER_NEEDED)
    await Promise.all(all.map(({ ended }) => ended))
  }
}

/** Reads a commit that was requested, once. */
async function readCommit(
  hash: CommitHash,
  objects: ObjectReader,
  mainLine: MainLine,
): Promise<Omit<RecordedCommit, 'files'>> {
  const text = parseCommit(await objects.next(MAX_COMMIT_BYTES))
  const isOnSideLine = !(await mainLine.has(hash))
  return { hash, ...text, ...(isOnSideLine && { isOnSideLine }) }
}

/**
 * The output of a git process, which only ends if the process has succeeded: the last commit that a killed `git log`
 * printed may lack files.
 */
const completeOutput = (child: GitProcess, patience: Patience): AsyncGenerator<Buffer> =>
  untilSucceeded(child, patience.subject, patientOutput(child, patience))

async function* untilSucceeded(
  { ended }: GitProcess,
  subject: string,
  output: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  yield* output
  const { exitCode, stderr } = await ended
  if (exitCode !== 0) throw gitFailure(subject, { exitCode, stderr, stdout: '' })
}

/** The error of the process that failed, which tells more than that its output ended. */
async function failureOf(children: Readonly<Record<string, GitProcess>>): Promise<Error | null> {
  for (const [subject, child] of Object.entries(children)) {
    if (!child.stdout.readableEnded) child.kill(NO_LONGER_NEEDED)
    const { exitCode, stderr } = await child.ended
    if (exitCode === null || exitCode === 0) continue
    return gitFailure(subject, { exitCode, stderr, stdout: '' })
  }
  return null
}
