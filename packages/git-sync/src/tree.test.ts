import { describe, expect, it } from 'vitest'
import type { FileChange } from './git-backend.js'
import { file } from './testing/drafts.js'
import { createTree, type TreeChange } from './tree.js'

const shown = (changes: readonly TreeChange[]) =>
  changes.map(({ path, content }) => (content ? `+${path} ${Buffer.from(content)}` : `-${path}`))

describe('createTree', () => {
  it.each<[string, FileChange[], string[]]>([
    ['a new file', [file('new', '1')], ['+new 1']],
    ['other content', [file('a', '2')], ['+a 2']],
    ['the same content', [file('a', '1')], []],
    ['a removed file', [file('a', null)], ['-a']],
    ['a removed folder', [file('folder', null)], ['-folder/b', '-folder/c/d']],
    ['a removal of nothing', [file('nothing', null)], []],
    ['a removal below a file', [file('a/b', null)], []],
    ['a file in place of a folder', [file('folder', 'x')], ['+folder x', '-folder/b', '-folder/c/d']],
    ['a folder in place of a file', [file('a/b/c', 'x')], ['-a', '+a/b/c x']],
    ['a neighbour with a longer name', [file('folder.txt', 'x')], ['+folder.txt x']],
  ])('returns what a commit really changes: %s', (_, changes, expected) => {
    const tree = createTree()
    tree.apply([file('a', '1'), file('folder/b', '2'), file('folder/c/d', '3')])
    expect(shown(tree.apply(changes))).toEqual(expected)
  })

  it("returns changes in Git's order, by the bytes of their paths", () => {
    const paths = ['\u{1f642}', '\uff5e', 'b/a', 'b.a', 'b0', 'B']
    const returned = createTree().apply(paths.map((path) => file(path)))
    expect(returned.map(({ path }) => path)).toEqual(['B', 'b.a', 'b/a', 'b0', '\uff5e', '\u{1f642}'])
  })

  it('has the content of each file, and starts with the files it is given', () => {
    const files = new Map([['kept/a', Buffer.from('1')]])
    const tree = createTree(files)
    expect(shown(tree.apply([file('kept', '2')]))).toEqual(['+kept 2', '-kept/a'])
    expect(tree.files).toEqual(new Map([['kept', Uint8Array.from(Buffer.from('2'))]]))
    expect(tree.files).toBe(files)
  })

  it('copies the bytes that it is given', () => {
    const bytes = Uint8Array.of(1, 2)
    const tree = createTree()
    tree.apply([file('a', bytes)])
    bytes.fill(0)
    expect(tree.files.get('a')).toEqual(Uint8Array.of(1, 2))
  })
})
