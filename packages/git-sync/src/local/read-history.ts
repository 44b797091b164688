import type { CommitHash, ReadOptions, RecordedCommit, RecordedFile } from '../git-backend.js'
import { throwIfAborted } from '../git-sync-error.js'
import { DEFAULT_MAX_FILE_BYTES, isWithin } from '../record-commit.js'
import { createByteReader } from './byte-reader.js'
import { parseCommit } from './commit-object.js'
import type { Git } from './git.js'
import { gitFailure } from './git-failure.js'
import type { GitProcess } from './git-process.js'
import { type LoggedCommit, type LoggedFile, logArgs, parseLog } from './log-parser.js'
import { createObjectReader, OBJECT_READER_ARGS, type ObjectReader } from './object-reader.js'

const MAX_COMMIT_BYTES = 1024 * 1024
const REMOVED = '000000'
const REGULAR_FILE = /^100/

/**
 * The commits from `cursor` (not included) to `head`, oldest first, read by two git processes: one names the
 * commits and their files, the other reads them. Both are gone once the consumer stops.
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
    for await (const commit of parseLog(createByteReader(log.stdout), (path) => isWithin(path, within))) {
      yield await readCommit(commit, reader, maxFileBytes)
      throwIfAborted(signal)
    }
    await assertSucceeded(log, 'git log')
  } catch (error) {
    throwIfAborted(signal)
    throw (await failureOf(log, objects)) ?? error
  } finally {
    log.kill('no longer needed')
    objects.kill('no longer needed')
    await Promise.all([log.ended, objects.ended])
  }
}

async function readCommit(
  { hash, files }: LoggedCommit,
  reader: ObjectReader,
  maxFileBytes: number,
): Promise<RecordedCommit> {
  reader.ask([hash, ...files.filter(isFile).map(({ blob }) => blob)])
  const text = parseCommit(await reader.next(MAX_COMMIT_BYTES))
  const recorded: RecordedFile[] = []
  for (const file of files) recorded.push(await readFile(file, reader, maxFileBytes))
  return { hash, ...text, files: recorded }
}

const isFile = ({ mode }: LoggedFile): boolean => REGULAR_FILE.test(mode)

async function readFile(file: LoggedFile, reader: ObjectReader, maxBytes: number): Promise<RecordedFile> {
  const { path, mode } = file
  if (mode === REMOVED) return { path, content: null }
  if (!isFile(file)) return { path, content: null, omitted: 'not-a-file' }
  const content = await reader.next(maxBytes)
  return content === null ? { path, content, omitted: 'too-large' } : { path, content }
}

async function assertSucceeded(child: GitProcess, what: string): Promise<void> {
  const { exitCode, stderr } = await child.ended
  if (exitCode !== 0) throw gitFailure(what, { exitCode, stderr, stdout: '' })
}

/** When git broke off by itself, what it said is worth more than that its output broke off. */
async function failureOf(...children: readonly GitProcess[]): Promise<Error | null> {
  for (const child of children) {
    if (!child.stdout.readableEnded) child.kill('no longer needed')
    const { exitCode, stderr } = await child.ended
    if (exitCode !== null && exitCode !== 0)
      return gitFailure('reading the history', { exitCode, stderr, stdout: '' })
  }
  return null
}
