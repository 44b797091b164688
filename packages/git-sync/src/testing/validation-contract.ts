import { describe, expect, it } from 'vitest'
import { append, type CommitDraft, type FileChange } from '../git-backend.js'
import { type OpenBackendFixture, withFixture } from './backend-fixture.js'
import { draft, file, readAll } from './drafts.js'

const INVALID_PATHS = [
  '',
  '/a',
  'a/',
  'a//b',
  './a',
  'a/../b',
  '..',
  '.git/config',
  'a/.GIT/b',
  'git~1',
  '.git. ',
]
const INVALID_CHARACTERS = ['a\\b', 'a\0b', 'a\nb', 'a\u007fb', 'a\ud800b']
const VIEW = new Uint16Array([1, 2]) as unknown as FileChange['content']

const INVALID_DRAFTS: [string, CommitDraft][] = [
  ...[...INVALID_PATHS, ...INVALID_CHARACTERS].map((path): [string, CommitDraft] => [
    `the path ${JSON.stringify(path)}`,
    draft('path', file(path, 'x')),
  ]),
  ['a path twice', draft('twice', file('a'), file('a'))],
  ['a path that is a file and a folder', draft('folder', file('a/b/c'), file('a'))],
  ['bytes that are not a Uint8Array', draft('view', file('a', VIEW))],
  ['no files', { ...draft('none'), files: [] }],
  ['a blank message', draft(' \n ')],
  ['NUL in the message', draft('a\0b', file('a'))],
  ['a date before 1970', { ...draft('1969'), authorDate: new Date(-1) }],
  ['an invalid date', { ...draft('never'), committerDate: new Date(Number.NaN) }],
  ['an author without a name', { ...draft('unnamed'), author: { name: ' ', email: 'a@example.invalid' } }],
  ['a line end in a name', { ...draft('forged'), author: { name: 'a\nb', email: 'a@example.invalid' } }],
  ['an angle bracket in an e-mail', { ...draft('forged'), committer: { name: 'a', email: 'a>b' } }],
]

const INVALID_REQUESTS: [string, unknown][] = [
  ...INVALID_DRAFTS.map(([what, invalid]): [string, unknown] => [
    what,
    { parent: null, commits: [draft('valid'), invalid] },
  ]),
  ['no request', null],
  ['no commits', { parent: null, commits: [] }],
  ['a parent that is not a hash', { parent: '--force', commits: [draft('valid')] }],
]

/** Rejecting what no backend can write. */
export function describeValidation(open: OpenBackendFixture): void {
  describe('validation', () => {
    it(
      'prepare() and append() reject an invalid request with invalid-change before anything is written',
      withFixture(open, async ({ backend }) => {
        for (const [what, request] of INVALID_REQUESTS) {
          const invalid = { code: 'invalid-change' }
          await expect(backend.prepare(request as never), what).rejects.toMatchObject(invalid)
          await expect(append(backend, request as never), what).rejects.toMatchObject(invalid)
        }
        expect(await backend.head()).toBeNull()
        expect(await readAll(backend)).toEqual([])
      }),
    )
  })
}
