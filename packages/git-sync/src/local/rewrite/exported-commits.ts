import type { CommitHash } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import type { ByteReader } from '../history/byte-reader.js'

/**
 * A commit as `git fast-export` writes it. All texts are bytes, one in each character (latin1): names, messages and
 * paths may be in any encoding.
 */
export interface ExportedCommit {
  /** By which later commits name it: a colon and a number. */
  readonly mark: string
  readonly hash: CommitHash
  /** The lines `author`, `committer`, and `encoding` if there is one. */
  readonly headers: readonly string[]
  readonly message: string
  /** Marks, or the hashes of commits that were not exported. */
  readonly parents: readonly string[]
  /** A line for each file that differs from the first parent's. */
  readonly changes: readonly string[]
}

/** The arguments for {@link readExportedCommits}: parents before children, without the ancestors of `excluded`. */
export const exportArgs = (ref: string, excluded: readonly CommitHash[]): string[] => [
  'fast-export',
  '--no-data',
  '--show-original-ids',
  '--reference-excluded-parents',
  '--reencode=no',
  '--use-done-feature',
  '--signed-tags=strip',
  ref,
  ...excluded.map((hash) => `^${hash}`),
  '--',
]

const LINE_END = 0x0a
const HEADERS = ['author', 'committer', 'encoding']

/** Parses a stream of commits. Throws `unavailable` if it ends early or has anything else. */
export async function* readExportedCommits(reader: ByteReader): AsyncGenerator<ExportedCommit> {
  for (;;) {
    const line = await readLine(reader)
    if (line === 'done') return
    if (line.startsWith('commit ')) yield await readCommit(reader)
    else if (!/^(?:|feature done|reset .*|from .*)$/.test(line)) throw unexpected()
  }
}

async function readCommit(reader: ByteReader): Promise<ExportedCommit> {
  const commit = {
    mark: '',
    hash: '',
    headers: [] as string[],
    message: '',
    parents: [] as string[],
    changes: [] as string[],
  }
  for (let line = await readLine(reader); line !== ''; line = await readLine(reader)) {
    const space = line.indexOf(' ')
    const word = line.slice(0, space)
    const rest = line.slice(space + 1)
    if (word === 'M' || word === 'D') commit.changes.push(line)
    else if (word === 'from' || word === 'merge') commit.parents.push(rest)
    else if (word === 'data') commit.message = (await reader.take(Number(rest))).toString('latin1')
    else if (word === 'mark') commit.mark = rest
    else if (word === 'original-oid') commit.hash = rest
    else if (HEADERS.includes(word)) commit.headers.push(line)
    // What is signed is another commit now.
    else if (word === 'gpgsig') await skipSignature(reader)
    else throw unexpected()
  }
  if (commit.mark === '' || commit.hash === '') throw unexpected()
  return commit
}

/** Newer versions of git may export signatures. */
async function skipSignature(reader: ByteReader): Promise<void> {
  const [, bytes] = /^data (\d+)$/.exec(await readLine(reader)) ?? []
  if (bytes === undefined) throw unexpected()
  await reader.skip(Number(bytes))
}

async function readLine(reader: ByteReader): Promise<string> {
  const line = await reader.until(LINE_END)
  if (line === null) throw new GitSyncError('unavailable', 'git fast-export ended unexpectedly')
  return line.toString('latin1')
}

const unexpected = () => new GitSyncError('unavailable', 'git fast-export wrote what is not known here')

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
}

/** The path in a line of a change, unquoted, in UTF-8. */
export function pathOf(change: string): string {
  const [, quoted = ''] = /^(?:D|M \S+ \S+) (.*)$/s.exec(change) ?? []
  if (!quoted.startsWith('"')) return fromBytes(quoted)
  const bytes = quoted
    .slice(1, -1)
    .replaceAll(/\\([0-7]{3}|.)/g, (_, escaped: string) =>
      escaped.length === 3 ? String.fromCharCode(Number.parseInt(escaped, 8)) : (ESCAPES[escaped] ?? escaped),
    )
  return fromBytes(bytes)
}

/** Bytes, one in each character, as text. */
const fromBytes = (bytes: string): string => Buffer.from(bytes, 'latin1').toString()
