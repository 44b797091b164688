import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import type { StoredMessage } from '@gitmsg/store'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FORMAT_PATH, formatFile } from '../format/format-file.js'
import { encodeMessageFile, messagePath } from '../format/message-file.js'
import { fileOfAnother } from '../testing/drafts.js'
import { commitTrees, type GitCommit, type GitTree, plainGit, treeOfMain } from '../testing/git-trees.js'
import { openNode } from '../testing/open-node.js'
import { verify } from './verify.js'

const MESSAGES = 4
const foreign = fileOfAnother(77)

let folder: string
let remote: string
let node: Awaited<ReturnType<typeof openNode>>
let messages: StoredMessage[]
let root: string
let head: string
let original: Map<string, string>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'any-tree-'))
  remote = join(folder, 'remote.git')
  await plainGit(folder, 'init', '--quiet', '--bare', '--initial-branch=main', remote)
  const backend = createLocalBackend({ directory: join(folder, 'own.git'), remote })
  node = await openNode({ wrap: () => backend })
  for (let number = 0; number < MESSAGES; number += 1) await node.post(`message ${number}`)
  await node.dispatchOnce()
  await node.edit(2, { content: 'edited', topic: 'deploys' })
  await node.remove(4)
  await node.dispatchOnce()
  messages = (await node.store.listMessages({ include: 'all' })).reverse()
  head = await plainGit(remote, 'rev-parse', 'main')
  root = await plainGit(remote, 'rev-list', '--max-parents=0', 'main')
  original = await treeOfMain(remote)
})

afterAll(async () => {
  await node.backend.close()
  await node.store.close()
  await rm(folder, { recursive: true, force: true })
})

type Tree = Map<string, string | { link: string }>
type Edit = (tree: Tree, message: StoredMessage, text: string) => unknown

const edits: Record<string, Edit> = {
  removes: (tree, { path }) => tree.delete(path),
  alters: (tree, { path }, text) => tree.set(path, text),
  rewrites: (tree, message, text) =>
    tree.set(message.path, encodeMessageFile({ ...message, content: `evil ${text}` })),
  restores: (tree, message) => tree.set(message.path, encodeMessageFile(message)),
  reverts: (tree, message) => tree.set(message.path, encodeMessageFile(asPosted(message))),
  advances: (tree, message, text) =>
    tree.set(message.path, encodeMessageFile({ ...message, version: 9, content: `later ${text}` })),
  deletes: (tree, message) =>
    tree.set(
      message.path,
      encodeMessageFile({ ...message, version: 9, content: '', deleted_at: message.updated_at }),
    ),
  links: (tree, message) => tree.set(message.path, { link: encodeMessageFile(message).slice(0, 20) }),
  copies: (tree, message) =>
    tree.set(messagePath(5_000, message.uid), encodeMessageFile({ ...message, origin_id: 5_000 })),
  adds: (tree) => tree.set(foreign.path, foreign.content),
  litters: (tree, _, text) => tree.set('messages/note.txt', text),
  buries: (tree, { path }) => tree.delete(path) && tree.set(`${path}/inner`, ''),
  undeclares: (tree) => tree.delete(FORMAT_PATH),
  redeclares: (tree, _, text) => tree.set(FORMAT_PATH, text),
  declares: (tree) => tree.set(FORMAT_PATH, String(formatFile(2).content)),
  documents: (tree, _, text) => tree.set('README.md', text),
}

const asPosted = (message: StoredMessage): StoredMessage => ({
  ...message,
  version: 1,
  content: `message ${message.id - 1}`,
  topic: null,
  updated_at: message.created_at,
  deleted_at: null,
})

const edit = fc.record({
  act: fc.constantFrom(...Object.keys(edits)),
  number: fc.nat({ max: MESSAGES - 1 }),
  text: fc.string({ maxLength: 3 }),
})
const someEdits = fc.array(edit, { maxLength: 3 })
/** How the commit at the tip comes about. `side` commits on the root; `main` is what the server wrote. */
const shape = fc.constantFrom('main', 'main, side', 'side, main', 'side', 'main twice')
const attack = fc.record({ shape, tip: someEdits, side: someEdits })
type Attack = typeof attack extends fc.Arbitrary<infer Value> ? Value : never

const nothing: Attack['tip'] = []
const evil: Attack['tip'] = [{ act: 'rewrites', number: 1, text: 'x' }]
const drop: Attack['tip'] = [{ act: 'removes', number: 2, text: '' }]
const revert: Attack['tip'] = [{ act: 'reverts', number: 1, text: '' }]
const raise: Attack['tip'] = [{ act: 'reverts', number: 3, text: '' }]
const undeclare: Attack['tip'] = [{ act: 'undeclares', number: 0, text: '' }]

it('verify() finds a difference in every tree of the tip that is not the database, and in no other', async () => {
  const seen = new Set<boolean>()
  await fc.assert(
    fc.asyncProperty(attack, async ({ shape, tip, side }) => {
      const tree = edited(tip)
      const sideTree = edited(side)
      await commitTrees(remote, ...commitsOf(shape, tree, sideTree))
      // A branch on the side line has the files at best, not the commits; a message removed later is still missing here.
      const wasRemoved = shape !== 'main, side' && shape !== 'main' && sideTree.has(foreign.path)
      const isEqual = isOfDatabase(tree) && shape !== 'side' && !wasRemoved
      seen.add(isEqual)
      expect((await verify({ store: node.store, backend: node.backend })).equal).toBe(isEqual)
    }),
    {
      numRuns: 40,
      examples: (['main, side', 'side, main'] as const).flatMap((shape) =>
        [
          { tip: nothing, side: evil },
          { tip: evil, side: evil },
          { tip: drop, side: nothing },
          { tip: revert, side: nothing },
          { tip: raise, side: nothing },
          { tip: undeclare, side: undeclare },
          { tip: nothing, side: nothing },
        ].map((edits): [Attack] => [{ shape, ...edits }]),
      ),
    },
  )
  expect(seen.size).toBe(2)
}, 240_000)

function edited(list: Attack['tip']): Tree {
  const tree: Tree = new Map(original)
  for (const { act, number, text } of list) {
    const message = messages[number]
    if (message) edits[act]?.(tree, message, text)
  }
  return withoutFilesBelowFiles(tree)
}

/** In a tree of Git, a path is a file or a folder. */
function withoutFilesBelowFiles(tree: Tree): Tree {
  const isBuried = (path: string) => [...tree.keys()].some((other) => other.startsWith(`${path}/`))
  return new Map([...tree].filter(([path]) => !isBuried(path)))
}

function commitsOf(shape: string, tree: GitTree, side: GitTree): GitCommit[] {
  const onRoot = { parents: [root], tree: side }
  if (shape === 'main') return [{ parents: [head], tree }]
  if (shape === 'main twice')
    return [
      { parents: [head], tree: side },
      { parents: [0], tree },
    ]
  if (shape === 'side') return [onRoot, { parents: [0], tree }]
  return [onRoot, { parents: shape === 'main, side' ? [head, 0] : [0, head], tree }]
}

/** What counts: the files of the messages folder, and that the format is declared. */
function isOfDatabase(tree: Tree): boolean {
  const files = (of: ReadonlyMap<string, unknown>) =>
    [...of].filter(([path]) => path.startsWith('messages/')).sort(([one], [other]) => (one < other ? -1 : 1))
  const isDeclared = tree.get(FORMAT_PATH) === String(formatFile(2).content)
  return isDeclared && JSON.stringify(files(tree)) === JSON.stringify(files(original))
}
