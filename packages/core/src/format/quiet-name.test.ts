import { expect, it } from 'vitest'
import { quietName } from './quiet-name.js'

it.each([
  'alice',
  'Ada Lovelace',
  "O'Brien",
  'Zoë',
  '李',
  '<>',
  '-x',
  'a: b',
  'a <b.example>',
  'x*y',
  'GH-Fan',
  'Hi!',
  'Simon & Garfunkel',
])('a plain name stays as it is: %s', (name) => {
  expect(quietName(name)).toBe(name)
})

/** What GitHub, GitLab, Gitea and the usual builders act on. */
const ACTED_ON = [
  /@[\w-]/,
  /#\d/,
  /[!&]\d/,
  /\bG[HL]-\d/i,
  /https?:\/\//i,
  /\[(?:skip[ -]ci|ci[ -]skip|no ci|skip actions|actions skip)\]/i,
  /\*{3}NO_CI/,
  /\[issue:/,
]

// Covers V1.3.3
it.each([
  '@octocat',
  'ada@example.org',
  '@octo-org/team',
  'Fixes #1',
  'owner/name#1',
  'closes GH-1',
  'closes GL-1',
  'Closes !5',
  'owner/name!5',
  'group&5',
  'Closes [issue:5]',
  'resolves https://github.com/owner/name/issues/1',
  '[skip ci]',
  '[CI Skip]',
  '[no ci]',
  '[skip actions]',
  '***NO_CI***',
  '@@a##1',
])('nothing is done about %s, which still looks the same', (name) => {
  const quiet = quietName(name)
  for (const trigger of ACTED_ON) expect(quiet).not.toMatch(trigger)
  expect(quiet.replaceAll('\u2060', '')).toBe(name)
})
