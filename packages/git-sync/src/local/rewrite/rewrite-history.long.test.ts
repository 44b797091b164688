import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildHistory, type Commit, readGraph, runGit, signatures } from '../testing/commit-graph.js'
import type { PathRewrite } from './branch-rewrite.js'
import { rewriteBranch } from './rewrite-branch.js'

const COMPANION = 'format.json'
const IDENTITY = { name: 'eraser', email: 'eraser@example.com' }
const rewriteOf = (path: string): PathRewrite => ({
  path,
  content: `erased ${path}\n`,
  commit: { message: `Erase ${path}`, author: IDENTITY, committer: IDENTITY },
})
const ERASED = ['a/secret.json', 'b "odd" é name']
const REWRITES = ERASED.map(rewriteOf)
const OTHERS = ['a/other.json', COMPANION, 'plain', 'line\nend', 'tab\tbed', 'ünï']

/** A change: a path by its place in both lists, and a text, or none for a removal. */
const change = fc.record({
  path: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...ERASED) }, fc.constantFrom(...OTHERS)),
  text: fc.option(fc.constantFrom('one', 'two', ''), { freq: 5 }),
  mode: fc.constantFrom('100644', '100644', '100755'),
})
/** No other file has a content that is to be erased. */
const withOwnText = ({ path, text, mode }: { path: string; text: string | null; mode: string }) => ({
  path,
  text: text === null ? null : `${ERASED.includes(path) ? 'secret' : 'public'} ${text}`,
  mode,
})
const commit = fc.record({
  /** How many commits back each parent is. */
  parents: fc.oneof(
    fc.constant([1]),
    fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  ),
  changes: fc.oneof(
    fc.array(change.map(withOwnText), { maxLength: 1 }),
    fc.array(change.map(withOwnText), { maxLength: 3 }),
  ),
})

/** What the rule says about each commit, from the trees alone: the graph as it must be afterwards. */
function expectedGraph(graph: ReadonlyMap<string, Commit>): Map<string, Commit> {
  const expected = new Map<string, Commit>()
  const names = new Map<string, string>()
  const rewritten = new Map(REWRITES.map((rewrite) => [rewrite.path, rewrite]))
  const treeOf = (tree: Commit['tree']): Commit['tree'] =>
    new Map(
      [...tree].map(([path, file]) => {
        const content = rewritten.get(path)?.content as string | undefined
        return [path, content === undefined ? file : `100644 ${content}`]
      }),
    )
  const isSame = (one: Commit['tree'], other: Commit['tree']) =>
    JSON.stringify([...one].sort()) === JSON.stringify([...other].sort())

  for (const [hash, { parents: old, tree: oldTree, ...about }] of graph) {
    const parents = [...new Set(old.map((parent) => names.get(parent) ?? parent))]
    const tree = treeOf(oldTree)
    const before = graph.get(old[0] ?? '')?.tree ?? new Map()
    const didNothing = isSame(before, oldTree) && old.length < 2
    const doesNothing =
      parents.length === 1 && isSame(expected.get(parents[0] as string)?.tree ?? new Map(), tree)
    const isTouched =
      !isSame(tree, oldTree) ||
      parents.some((parent, index) => parent !== old[index]) ||
      parents.length !== old.length
    if (isTouched && doesNothing && !didNothing) {
      names.set(hash, parents[0] as string)
      continue
    }
    const name = isTouched ? `new ${hash}` : hash
    const changed = [...new Set([...before.keys(), ...oldTree.keys()])].filter(
      (path) => before.get(path) !== oldTree.get(path),
    )
    const mine = changed.filter((path) => path !== COMPANION)
    const [only = ''] = mine
    const isDescribed = old.length < 2 && mine.length === 1 && rewritten.has(only) && oldTree.has(only)
    names.set(hash, name)
    expected.set(name, {
      ...about,
      ...(isDescribed && isTouched && { message: `Erase ${only}\n`, author: 'eraser <eraser@example.com>' }),
      parents,
      tree,
    })
  }
  return expected
}

describe('rewriteBranch() of any history', () => {
  it('replaces the files in every commit, drops what is empty, and keeps the rest', async () => {
    let merges = 0
    let dropped = 0
    await fc.assert(
      fc.asyncProperty(fc.array(commit, { minLength: 2, maxLength: 16 }), async (drafts) => {
        const directory = await mkdtemp(join(tmpdir(), 'rewrite '))
        try {
          const tip = await buildHistory(directory, drafts)
          const before = await readGraph(directory, tip)
          const result = await rewriteBranch({ directory }, REWRITES, { tip, companions: [COMPANION] })
          const newTip = (await runGit(directory, 'rev-parse', 'main')).trim()
          expect(result).toMatchObject({ oldTip: tip, newTip, otherRefs: [], remaining: 0 })
          const after = await readGraph(directory, newTip)
          const expected = expectedGraph(before)
          expect(signatures(after)).toEqual(signatures(expected))
          expect(after.size).toBe(before.size - result.dropped)
          const kept = [...after.keys()].filter((hash) => before.has(hash))
          expect(after.size - kept.length).toBe(result.rewritten)
          expect(kept).toHaveLength([...expected.keys()].filter((hash) => before.has(hash)).length)
          const again = await rewriteBranch({ directory }, REWRITES, { tip: newTip })
          expect(again).toMatchObject({ oldTip: newTip, newTip, rewritten: 0, dropped: 0, first: null })
          await runGit(directory, 'fsck', '--strict', '--no-dangling')
          merges += [...after.values()].filter(({ parents }) => parents.length > 1).length
          dropped += result.dropped
        } finally {
          await rm(directory, { recursive: true })
        }
      }),
      { numRuns: 25 },
    )
    expect(merges).toBeGreaterThan(0)
    expect(dropped).toBeGreaterThan(0)
  }, 120_000)
})
