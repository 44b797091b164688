import type { GitObjects } from './git-objects.js'

/** One entry of a tree object. */
export interface RawEntry {
  readonly mode: string
  readonly name: string
  readonly sha: string
}

/** An entry to write or, with `sha: null`, to remove. */
export interface TreeChange {
  readonly path: string
  readonly mode: string
  readonly sha: string | null
}

const FOLDER = '40000'

/** The entries of a tree object; none for `null`. */
export async function readEntries(objects: GitObjects, tree: string | null): Promise<RawEntry[]> {
  const content = tree === null ? undefined : (await objects.read(tree))?.content
  const entries: RawEntry[] = []
  for (let start = 0; content && start < content.byteLength; ) {
    const nameEnd = content.indexOf(0, start)
    const [mode = '', ...name] = content.subarray(start, nameEnd).toString().split(' ')
    entries.push({
      mode,
      name: name.join(' '),
      sha: content.subarray(nameEnd + 1, nameEnd + 21).toString('hex'),
    })
    start = nameEnd + 21
  }
  return entries
}

/** Writes a tree from another one and its changes; `null` if they remove what is not there. */
export async function changeTree(
  objects: GitObjects,
  base: string | null,
  changes: readonly TreeChange[],
): Promise<string | null> {
  const entries = new Map((await readEntries(objects, base)).map((entry) => [entry.name, entry]))
  const below = new Map<string, TreeChange[]>()
  for (const change of changes) {
    const [name = '', ...rest] = change.path.split('/')
    if (rest.length > 0) {
      below.set(name, [...(below.get(name) ?? []), { ...change, path: rest.join('/') }])
    } else if (change.sha !== null) {
      entries.set(name, { mode: change.mode.replace(/^0/, ''), name, sha: change.sha })
    } else if (!entries.delete(name)) return null
  }
  for (const [name, inner] of below) {
    const folder = entries.get(name)
    const sha = await changeTree(objects, folder?.mode === FOLDER ? folder.sha : null, inner)
    if (sha === null) return null
    if ((await readEntries(objects, sha)).length > 0) entries.set(name, { mode: FOLDER, name, sha })
    else entries.delete(name)
  }
  return writeEntries(objects, [...entries.values()])
}

function writeEntries(objects: GitObjects, entries: readonly RawEntry[]): Promise<string> {
  // Git sorts folders as if their names ended with a slash.
  const key = ({ mode, name }: RawEntry) => Buffer.from(mode === FOLDER ? `${name}/` : name)
  const sorted = [...entries].sort((one, other) => Buffer.compare(key(one), key(other)))
  const lines = sorted.flatMap(({ mode, name, sha }) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(sha, 'hex'),
  ])
  return objects.write('tree', Buffer.concat(lines))
}
