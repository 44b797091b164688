import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { CommitDraft } from './git-backend.js'
import { draft, file } from './testing/drafts.js'
import { assertAppendRequest, assertFilePath } from './validate-request.js'

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
  ])('accepts a path: %j', (path) => expect(() => assertFilePath(path)).not.toThrow())

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
  ])('rejects a path: %j', (path) => expect(() => assertFilePath(path)).toThrow(INVALID))
})

describe('assertAppendRequest', () => {
  it('accepts a removal, an empty file, and the first second of 1970', () => {
    const commit = { ...draft('ok', file('a', null), file('b', '')), authorDate: new Date(0) }
    expect(appending(commit)).not.toThrow()
  })

  it('accepts a name without letters, which only the git commit command rejects', () => {
    expect(appending({ ...draft('ok'), author: { name: '.,;', email: 'a' } })).not.toThrow()
  })

  it('rejects a folder and a file of one name, in either order and at any depth', () => {
    expect(appending(draft('x', file('a'), file('a/b/c')))).toThrow(INVALID)
    expect(appending(draft('x', file('a/b/c'), file('a/b')))).toThrow(INVALID)
    expect(appending(draft('x', file('a/b'), file('a.b'), file('ab')))).not.toThrow()
  })

  it('rejects text that UTF-8 cannot represent', () => {
    expect(appending(draft('x \ud800'))).toThrow(INVALID)
    expect(appending(draft('x', file('a', 'x \ud800 y')))).toThrow(INVALID)
    expect(appending({ ...draft('x'), author: { name: '\udfff', email: 'a' } })).toThrow(INVALID)
  })

  // Covers IN-66
  it.each([
    ['no request', null],
    ['text', 'commits'],
    ['commits that are not an array', { parent: null, commits: { 0: draft('x'), length: 1 } }],
    ['an undefined commit', { parent: null, commits: [undefined] }],
    ['a parent in an array', { parent: ['0'.repeat(40)], commits: [draft('x')] }],
    ['no parent', { commits: [draft('x')] }],
    ...Object.keys(draft('x')).flatMap((field) =>
      [undefined, null, 5, {}].map((value): [string, unknown] => [
        `${value} for the field ${field}`,
        { parent: null, commits: [{ ...draft('x'), [field]: value }] },
      ]),
    ),
    ...[undefined, null, 5, ['a']].map((path): [string, unknown] => [
      `${path} for a path`,
      { parent: null, commits: [{ ...draft('x'), files: [{ path, content: 'x' }] }] },
    ]),
    ...[undefined, 5, true, ['a'], new Date(), new Uint16Array(2), new DataView(new ArrayBuffer(2))].map(
      (content): [string, unknown] => [
        `${content} for a content`,
        { parent: null, commits: [{ ...draft('x'), files: [{ path: 'a', content }] }] },
      ],
    ),
    [
      'an ArrayBuffer for a content',
      { parent: null, commits: [draft('x', file('a', new ArrayBuffer(2) as never))] },
    ],
    ['a date in text', { parent: null, commits: [{ ...draft('x'), authorDate: '2025-01-09T00:06:41Z' }] }],
    ['a number for a name', { parent: null, commits: [{ ...draft('x'), author: { name: 5, email: 'a' } }] }],
  ])('rejects requests of untyped callers: %s', (_, request) => {
    expect(() => assertAppendRequest(request as never)).toThrow(INVALID)
  })

  it('accepts a Uint8Array of another realm', () => {
    const content = runInNewContext('new Uint8Array([1, 2])')
    expect(appending(draft('x', file('a', content)))).not.toThrow()
  })

  it('never repeats a rejected value in its message', () => {
    for (const secret of ['hunter2\0', 'hunter2/../x']) {
      expect(appending(draft('x', file(secret)))).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
      )
    }
  })
})
