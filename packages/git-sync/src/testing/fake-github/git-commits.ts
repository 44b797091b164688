import type { GitObjects } from './git-objects.js'

/** A parsed commit object. */
export interface RawCommit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  readonly author: RawSignature
  readonly committer: RawSignature
}

/** An author or committer, with a date as in RFC 3339. */
export interface RawSignature {
  readonly name: string
  readonly email: string
  readonly date: string
}

/** The commit of that name; `null` if there is no such object, or it is not a commit. */
export async function readCommitObject(objects: GitObjects, sha: string): Promise<RawCommit | null> {
  const object = await objects.read(sha)
  if (object?.type !== 'commit') return null
  const text = object.content.toString()
  const end = text.indexOf('\n\n')
  const header = text.slice(0, end).split('\n')
  const values = (name: string) =>
    header.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1))
  const [tree = ''] = values('tree')
  const [author, committer] = [...values('author'), ...values('committer')].map(parseSignature)
  if (!author || !committer) return null
  return { sha, tree, parents: values('parent'), message: text.slice(end + 2), author, committer }
}

function parseSignature(line: string): RawSignature {
  const [, name = '', email = '', seconds] = /^(.*?) ?<([^>]*)> (\d+) [+-]\d{4}$/.exec(line) ?? []
  return { name, email, date: new Date(Number(seconds) * 1000).toISOString() }
}

/** One file that a commit changed, as GitHub lists it. */
export interface FileOfCommit {
  readonly filename: string
  readonly status: string
  readonly sha: string
  readonly previous_filename?: string
  readonly patch?: string
}

const STATUS: Readonly<Record<string, string>> = {
  A: 'added',
  C: 'copied',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
}

const cache = new WeakMap<GitObjects, Map<string, Promise<FileOfCommit[]>>>()

/** The files that differ between a commit and its first parent; cached. */
export function filesOfCommit(objects: GitObjects, commit: RawCommit): Promise<FileOfCommit[]> {
  const known = cache.get(objects) ?? new Map<string, Promise<FileOfCommit[]>>()
  cache.set(objects, known)
  const files = known.get(commit.sha) ?? readFiles(objects, commit)
  known.set(commit.sha, files)
  return files
}

async function readFiles(objects: GitObjects, commit: RawCommit): Promise<FileOfCommit[]> {
  const [parent] = commit.parents
  const range = parent ? [parent, commit.sha] : ['--root', commit.sha]
  const diff = ['diff-tree', '-r', '-M', '--no-commit-id', '--no-color', '--no-abbrev', '--raw', '-p', '-z']
  const [raw = '', ...text] = (await objects.git(...diff, ...range)).split('\0\0')
  const patches = text
    .join('\0\0')
    .split(/^diff --git .*\n/m)
    .slice(1)
  return parseRaw(raw).map((file, index) => {
    const section = patches[index] ?? ''
    const start = section.search(/^@@ /m)
    return start < 0 ? file : { ...file, patch: section.slice(start).replace(/\n$/, '') }
  })
}

function parseRaw(raw: string): FileOfCommit[] {
  const fields = raw.split('\0')
  const files: FileOfCommit[] = []
  for (let index = 0; fields[index]; ) {
    const [, , before = '', after = '', letter = ''] = (fields[index] ?? '').split(' ')
    const status = STATUS[letter.charAt(0)] ?? 'modified'
    const sha = status === 'removed' ? before : after
    const [first = '', second = ''] = fields.slice(index + 1)
    const moved = status === 'renamed' || status === 'copied'
    files.push(
      moved ? { filename: second, previous_filename: first, status, sha } : { filename: first, status, sha },
    )
    index += moved ? 3 : 2
  }
  return files
}

/** Writes a commit object and returns its name. */
export function writeCommit(objects: GitObjects, commit: Omit<RawCommit, 'sha'>): Promise<string> {
  const lines = [
    `tree ${commit.tree}`,
    ...commit.parents.map((parent) => `parent ${parent}`),
    `author ${signature(commit.author)}`,
    `committer ${signature(commit.committer)}`,
  ]
  return objects.write('commit', Buffer.from(`${lines.join('\n')}\n\n${commit.message}`))
}

const signature = ({ name, email, date }: RawSignature): string =>
  `${name} <${email}> ${Math.floor(Date.parse(date) / 1000)} +0000`
