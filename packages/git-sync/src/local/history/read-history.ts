import type { CommitHash, ReadOptions, RecordedCommit, RecordedFile } from '../../git-backend.js'
import { throwIfAborted } from '../../git-sync-error.js'
import { DEFAULT_MAX_FILE_BYTES, isWithin } from '../../record-commit.js'
import { gitFailure } from '../git/failure.js'
import type { Git } from '../git/git.js'
import type { GitProcess } from '../git/git-process.js'
import { createByteReader } from './byte-reader.js'
import { parseCommit } from './commit-object.js'
import { type LoggedCommit, type LoggedFile, logArgs, parseLog } from './log-parser.js'
import { createObjectReader, OBJECT_READER_ARGS, type ObjectReader } from './object-reader.js'

const MAX_COMMIT_BYTES = 1024 * 1024
const NO_LONGER_NEEDED = 'git is no longer needed'
const REMOVED_MODE = '000000'
const REGULAR_FILE_MODE = /^100/

/**
 * The commits after `cursor` up to `head`, parents first, from two git processes: `log` lists the commits and their
 * files, `cat-file --batch` reads them. Both have ended once the consumer stops.
 */
export async function* readHistory(
  git: Git,
  { cursor, head }: { cursor: CommitHash | null; head: CommitHash },
  { signal, within, maxFileBytes = DEFAULT_MAX_FILE_BYTES }: ReadOptions & { signal: AbortSignal },
): AsyncGenerator<RecordedCommit> {
  const log = git.start(logArgs(cursor, head), signal)
  const objects = git.start(OBJECT_READER_ARGS, signal)
  log.stdin.end()
  try {
    const reader = createObjectReader(objects)
    const logged = createByteReader(completeOutput('git log', log))
    for await (const commit of parseLog(logged, (path) => isWithin(path, within))) {
      yield await readCommit(commit, reader, maxFileBytes)
      throwIfAborted(signal)
    }
  } catch (error) {
    throwIfAborted(signal)
    throw (await failureOf({ 'git log': log, 'git cat-file': objects })) ?? error
  } finally {
    log.kill(NO_LONGER_NEEDED)
    objects.kill(NO_LONGER_NEEDED)
    await Promise.all([log.ended, objects.ended])
  }
}

async function readCommit(
  { hash, files }: LoggedCommit,
  reader: ObjectReader,
  maxFileBytes: number,
): Promise<RecordedCommit> {
  reader.request([hash, ...files.filter(isFile).map(({ blob }) => blob)])
  const text = parseCommit(await reader.next(MAX_COMMIT_BYTES))
  const recorded: RecordedFile[] = []
  for (const file of files) recorded.push(await readFile(file, reader, maxFileBytes))
  return { hash, ...text, files: recorded }
}

const isFile = ({ mode }: LoggedFile): boolean => REGULAR_FILE_MODE.test(mode)

async function readFile(file: LoggedFile, reader: ObjectReader, maxBytes: number): Promise<RecordedFile> {
  const { path, mode } = file
  if (mode === REMOVED_MODE) return { path, content: null }
  if (!isFile(file)) return { path, content: null, omitted: 'not-a-file' }
  const content = await reader.next(maxBytes)
  return content === null ? { path, content, omitted: 'too-large' } : { path, content }
}

/**
 * The output of a git process, which only ends if the process has succeeded: the last commit that a killed `git log`
 * printed may lack files.
 */
async function* completeOutput(subject: string, { stdout, ended }: GitProcess): AsyncGenerator<Buffer> {
  yield* stdout
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
