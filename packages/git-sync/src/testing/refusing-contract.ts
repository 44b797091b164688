import { describe, expect, it } from 'vitest'
import { append, type CommitDraft } from '../git-backend.js'
import type { OpenBackendFixture } from './backend-fixture.js'
import { draft, file, readAll } from './drafts.js'
import { withFixture } from './with-fixture.js'

const BAD_PATHS = [
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
const BAD_CHARACTERS = ['a\\b', 'a\0b', 'a\nb', 'a\u007fb', 'a\ud800b']

const BAD_DRAFTS: [string, CommitDraft][] = [
  ...[...BAD_PATHS, ...BAD_CHARACTERS].map((path): [string, CommitDraft] => [
    `the path ${JSON.stringify(path)}`,
    draft('path', file(path, 'x')),
  ]),
  ['a path twice', draft('twice', file('a'), file('a'))],
  ['a path that is a file and a folder', draft('folder', file('a/b/c'), file('a'))],
  ['bytes that are not a Uint8Array', draft('view', file('a', new Uint16Array([1, 2]) as never))],
  ['no files', { ...draft('none'), files: [] }],
  ['a blank message', draft(' \n ')],
  ['NUL in the message', draft('a\0b', file('a'))],
  ['a date before 1970', { ...draft('1969'), authorDate: new Date(-1) }],
  ['an invalid date', { ...draft('never'), committerDate: new Date(Number.NaN) }],
  ['an author without a name', { ...draft('nobody'), author: { name: ' ', email: 'a@example.invalid' } }],
  ['a line end in a name', { ...draft('forged'), author: { name: 'a\nb', email: 'a@example.invalid' } }],
  ['an angle bracket in an e-mail', { ...draft('forged'), committer: { name: 'a', email: 'a>b' } }],
]

/** What no backend writes. */
export function describeRefusing(open: OpenBackendFixture): void {
  describe('invalid changes', () => {
    it(
      'are refused before anything is written',
      withFixture(open, async ({ backend }) => {
        for (const [what, bad] of BAD_DRAFTS) {
          const appending = append(backend, { parent: null, commits: [draft('good'), bad] })
          await expect(appending, what).rejects.toMatchObject({ code: 'invalid-change' })
        }
        for (const request of [
          null,
          { parent: null, commits: [] },
          { parent: '--force', commits: [draft('good')] },
        ]) {
          await expect(append(backend, request as never)).rejects.toMatchObject({ code: 'invalid-change' })
        }
        expect(await backend.head()).toBeNull()
        expect(await readAll(backend)).toEqual([])
      }),
    )
  })
}
