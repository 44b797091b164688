import { describe, expect, it } from 'vitest'
import { assertAppendRequest, assertFilePath } from './append-request.js'
import type { CommitDraft } from './git-backend.js'
import { draft, file } from './testing/drafts.js'

const INVALID = expect.objectContaining({ code: 'invalid-change' })
const appending = (commit: CommitDraft) => () => assertAppendRequest({ parent: null, commits: [commit] })

describe('assertFilePath', () => {
  it.each([
    'a',
    'a/b/c.json',
    '.gitignore',
    '.gitmsg/format.json',
    'größe/🙂',
    'git',
    'a"b',
    ' a ',
    '-a',
    'a:b',
  ])('accepts %j', (path) => expect(() => assertFilePath(path)).not.toThrow())

  it.each([
    '',
    '/a',
    'a/',
    'a//b',
    '.',
    'a/..',
    'a\\b',
    'a\0',
    'a\tb',
    'a\u0085b',
    '\udc00',
    'a'.repeat(4097),
    '.git',
    'a/.git/b',
    '.GiT',
    '.git.',
    '.git ',
    '.git . .',
    'git~1',
    'GIT~1',
    '.git::$INDEX_ALLOCATION',
    '.g\u200cit',
  ])('refuses %j', (path) => expect(() => assertFilePath(path)).toThrow(INVALID))
})

describe('assertAppendRequest', () => {
  it('accepts a removal, an empty file, and the first second of 1970', () => {
    const commit = { ...draft('ok', file('a', null), file('b', '')), authorDate: new Date(0) }
    expect(appending(commit)).not.toThrow()
  })

  it('accepts a name of no letters, which only git commit refuses', () => {
    expect(appending({ ...draft('ok'), author: { name: '.,;', email: 'a' } })).not.toThrow()
  })

  it('refuses a folder and a file of one name, in either order and at any depth', () => {
    expect(appending(draft('x', file('a'), file('a/b/c')))).toThrow(INVALID)
    expect(appending(draft('x', file('a/b/c'), file('a/b')))).toThrow(INVALID)
    expect(appending(draft('x', file('a/b'), file('a.b'), file('ab')))).not.toThrow()
  })

  it('refuses text that would not be the same after it was written as UTF-8', () => {
    expect(appending(draft('x \ud800'))).toThrow(INVALID)
    expect(appending(draft('x', file('a', 'x \ud800 y')))).toThrow(INVALID)
    expect(appending({ ...draft('x'), author: { name: '\udfff', email: 'a' } })).toThrow(INVALID)
  })

  it('never repeats what it refuses', () => {
    for (const secret of ['hunter2\0', 'hunter2/../x']) {
      expect(appending(draft('x', file(secret)))).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
      )
    }
  })
})
