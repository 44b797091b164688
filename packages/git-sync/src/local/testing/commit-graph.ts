import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'

/** One commit with all that its hash depends on. */
export interface Commit {
  readonly parents: readonly string[]
  /** Mode and content of each file. */
  readonly tree: ReadonlyMap<string, string>
  /** Name and address. */
  readonly author: string
  readonly date: string
  readonly message: string
}

/** A commit to build. */
export interface CommitPlan {
  /** How many commits back each parent is. */
  readonly parents: readonly number[]
  /** `text` is `null` for a file that is removed. */
  readonly changes: readonly { readonly path: string; readonly text: string | null; readonly mode: string }[]
}

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024
const execute = promisify(execFile)

/** The output of plain git in a repository. */
export const runGit = async (directory: string, ...args: string[]): Promise<string> =>
  (await execute('git', ['-C', directory, ...args], { maxBuffer: MAX_OUTPUT_BYTES })).stdout

/** Builds a branch `main` in a new bare repository, and resolves with its tip. All that has no child is merged last. */
export async function buildHistory(directory: string, plans: readonly CommitPlan[]): Promise<string> {
  await runGit(directory, 'init', '--quiet', '--bare', '--initial-branch=main', '.')
  let stream = ''
  const childless = new Set<number>()
  const add = (number: number, parents: readonly number[], { changes }: Pick<CommitPlan, 'changes'>) => {
    const [from, ...merged] = [...new Set(parents.filter((parent) => parent > 0))]
    for (const parent of parents) childless.delete(parent)
    childless.add(number)
    const message = number % 3 === 0 ? `commit ${number}` : `commit ${number}\n\nbody: é\n`
    const person = `Pérson ${number % 4} <${number}@example.com> ${1_600_000_000 + number} +0130`
    stream += `${from ? '' : 'reset refs/heads/main\n\n'}commit refs/heads/main\nmark :${number}\n`
    stream += `author ${person}\ncommitter ${person}\n${data(message)}`
    if (from) stream += `from :${from}\n`
    for (const parent of merged) stream += `merge :${parent}\n`
    for (const [path, { text, mode }] of new Map(changes.map((change) => [change.path, change]))) {
      stream += text === null ? `D ${quote(path)}\n` : `M ${mode} inline ${quote(path)}\n${data(text)}`
    }
    stream += '\n'
  }
  for (const [index, plan] of plans.entries()) {
    const number = index + 1
    add(
      number,
      plan.parents.map((back) => number - back),
      plan,
    )
  }
  const open = [...childless]
  if (open.length > 1) add(plans.length + 1, open.reverse(), { changes: [] })
  const importing = execute('git', ['-C', directory, 'fast-import', '--quiet', '--force'])
  importing.child.stdin?.end(stream)
  await importing
  return (await runGit(directory, 'rev-parse', 'main')).trim()
}

const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`

const quote = (path: string): string =>
  `"${path.replaceAll(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`

/** Reads every commit that a tip has, parents before children. */
export async function readGraph(directory: string, tip: string): Promise<Map<string, Commit>> {
  const graph = new Map<string, Commit>()
  const log = await runGit(
    directory,
    'log',
    '--reverse',
    '--topo-order',
    '-z',
    '--format=%H%x01%P%x01%an <%ae>%x01%ad%x01%B',
    '--date=raw',
    tip,
  )
  for (const record of log.split('\0')) {
    const [hash = '', parents = '', author = '', date = '', message = ''] = record.split('\x01')
    if (hash === '') continue
    const tree = new Map<string, string>()
    for (const entry of (await runGit(directory, 'ls-tree', '-r', '-z', hash)).split('\0')) {
      const [about = '', path] = entry.split('\t')
      if (path === undefined) continue
      const [mode = '', , blob = ''] = about.split(' ')
      const name = entry.slice(about.length + 1)
      tree.set(name, `${mode} ${await contentOf(directory, blob)}`)
    }
    graph.set(hash, { parents: parents.split(' ').filter(Boolean), tree, author, date, message })
  }
  return graph
}

const contents = new Map<string, string>()

async function contentOf(directory: string, blob: string): Promise<string> {
  const known = contents.get(blob) ?? (await runGit(directory, 'cat-file', 'blob', blob))
  contents.set(blob, known)
  return known
}

/** A text for each commit that depends on all its ancestors, but not on how the commits are named; sorted. */
export function signatures(graph: ReadonlyMap<string, Commit>): string[] {
  const known = new Map<string, string>()
  for (const [name, { parents, tree, author, date, message }] of graph) {
    const about = {
      parents: parents.map((parent) => known.get(parent)),
      tree: [...tree].sort(),
      author,
      date,
      message,
    }
    known.set(name, createHash('sha1').update(JSON.stringify(about)).digest('hex'))
  }
  return [...known.values()].sort()
}
