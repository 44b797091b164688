import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The files of a tree by their paths; a link has `link`. */
export type GitTree = ReadonlyMap<string, string | { readonly link: string }>

/** A commit to write with plain git. */
export interface GitCommit {
  /** Hashes, or indexes of earlier commits of the same call. The first is the first parent. */
  readonly parents: readonly (string | number)[]
  readonly tree: GitTree
}

const run = promisify(execFile)

/** The output of plain git in a repository, without the final line end. */
export async function plainGit(directory: string, ...args: string[]): Promise<string> {
  return (await run('git', ['-C', directory, ...args])).stdout.trimEnd()
}

/** The same, with an input. */
export async function plainGitWithInput(
  directory: string,
  input: string,
  ...args: string[]
): Promise<string> {
  const git = run('git', ['-C', directory, ...args])
  git.child.stdin?.end(input)
  return (await git).stdout.trimEnd()
}

/** Writes commits as they are, whatever is in them, and puts the branch at the last one, wherever it was. */
export async function commitTrees(directory: string, ...commits: GitCommit[]): Promise<string> {
  const git = run('git', ['-C', directory, 'fast-import', '--quiet', '--force'])
  git.child.stdin?.end(commits.map(toImport).join(''))
  await git
  await plainGit(directory, 'update-ref', 'refs/heads/main', 'refs/heads/imported')
  return plainGit(directory, 'rev-parse', 'main')
}

function toImport({ parents, tree }: GitCommit, index: number): string {
  const marks = parents.map((parent) => (typeof parent === 'string' ? parent : `:${parent + 1}`))
  const lines = marks.map((mark, number) => `${number === 0 ? 'from' : 'merge'} ${mark}\n`)
  const files = [...tree].map(([path, file]) => {
    const [mode, content] = typeof file === 'string' ? ['100644', file] : ['120000', file.link]
    return `M ${mode} inline ${path}\n${data(content)}`
  })
  const head = `reset refs/heads/imported\ncommit refs/heads/imported\nmark :${index + 1}\n`
  const by = `committer mallory <mallory@example.invalid> ${1_700_000_000 + index} +0000\n`
  return `${head}${by}${data('by hand')}${lines.join('')}deleteall\n${files.join('')}\n`
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`

/** The tree of the branch. Only for trees without links. */
export async function treeOfMain(directory: string): Promise<Map<string, string>> {
  const paths = (await plainGit(directory, 'ls-tree', '-r', '-z', '--name-only', 'main')).split('\0')
  const tree = new Map<string, string>()
  for (const path of paths.filter(Boolean)) {
    tree.set(path, (await run('git', ['-C', directory, 'cat-file', 'blob', `main:${path}`])).stdout)
  }
  return tree
}
