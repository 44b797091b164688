import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
import { git, isIntact } from '../rig/shell.js'

/** What plain git finds in the repository. */
export interface RepositoryContents {
  readonly contents: string[]
  /** The full hash of the commit that added each file, by path. */
  readonly commits: Map<string, string>
  /** Everything that is wrong with the repository. */
  readonly problems: string[]
}

/** Reads the contents of all messages directly from the database. */
export function readDatabase(path: string): { contents: string[]; problems: string[] } {
  const database = new Database(path, { readonly: true })
  try {
    const integrity = database.pragma('integrity_check', { simple: true })
    const contents = database.prepare('SELECT content FROM messages').pluck().all() as string[]
    return { contents, problems: integrity === 'ok' ? [] : [`SQLite: ${integrity}`] }
  } finally {
    database.close()
  }
}

/** Clones the repository and reads every message file; each must have been added once and never changed. */
export function readClone(repository: string, clone: string): RepositoryContents {
  try {
    git('.', 'clone', '--quiet', '--bare', '--no-hardlinks', '--branch', 'main', repository, clone)
    const problems = [repository, clone]
      .filter((path) => !isIntact(path))
      .map((path) => `fsck of ${path} fails`)
    const commits = new Map<string, string>()
    for (const [commit, change, path] of changesOf(clone)) {
      if (change !== 'A' || commits.has(path)) problems.push(`${path} was changed by ${commit}`)
      else commits.set(path, commit)
    }
    return { contents: filesOf(clone), commits, problems }
  } catch (error) {
    return { contents: [], commits: new Map(), problems: [`the repository cannot be cloned: ${error}`] }
  } finally {
    rmSync(clone, { recursive: true, force: true })
  }
}

function changesOf(repository: string): [commit: string, change: string, path: string][] {
  const log = git(
    repository,
    'log',
    '--format=%x01%H',
    '--name-status',
    '--no-renames',
    'main',
    '--',
    'messages',
  )
  return log
    .split('\x01')
    .slice(1)
    .flatMap((entry) => {
      const [commit = '', ...lines] = entry.split('\n').filter((line) => line !== '')
      return lines.map((line): [string, string, string] => {
        const [change = '', path = ''] = line.split('\t')
        return [commit, change, path]
      })
    })
}

/** Reads the contents of all message files at the tip with one git process. */
function filesOf(repository: string): string[] {
  const objects = git(repository, 'ls-tree', '-r', '--format=%(objectname)', 'main', 'messages')
  if (objects === '') return []
  const { stdout } = spawnSync('git', ['-C', repository, 'cat-file', '--batch'], {
    input: `${objects}\n`,
    maxBuffer: 2 ** 31,
  })
  const contents: string[] = []
  for (let start = 0; start < stdout.length; ) {
    const lineEnd = stdout.indexOf('\n', start)
    const [, type, length] = stdout.subarray(start, lineEnd).toString().split(' ')
    // A missing file has only this line; fsck has reported it.
    const size = type === 'blob' ? Number(length) : -1
    const file = stdout.subarray(lineEnd + 1, lineEnd + 1 + size).toString()
    if (size >= 0) contents.push(contentOf(file))
    start = lineEnd + 1 + size + 1
  }
  return contents
}

/** A file that is not a message counts as a content that was never sent. */
function contentOf(file: string): string {
  try {
    return String(JSON.parse(file).content)
  } catch {
    return file
  }
}
