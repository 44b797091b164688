import type { Difference, Verification } from '@gitmsg/core'
import { describe, expect, it } from 'vitest'
import { describeDifference, describeVerification } from './verify-command.js'

const DIFFERENCE: Difference = {
  kind: 'other-bytes',
  path: 'messages/a.json',
  uid: null,
  id: null,
  version: null,
  git_hash: null,
  commit: null,
  reason: 'the file differs',
  repaired: false,
}
const NO_DIFFERENCES = {
  'missing-in-repository': 0,
  'missing-in-database': 0,
  'other-bytes': 0,
  'wrong-hash': 0,
  'duplicate-uid': 0,
  'invalid-file': 0,
  'unknown-format': 0,
}
const VERIFICATION = {
  equal: true,
  differences: NO_DIFFERENCES,
  repaired: 0,
  messages: 10,
  pending: 1,
  quarantined: 2,
  commits: 9,
  head: null,
  searchIndex: 'equal',
} as Verification
const plain = (_style: string, text: string) => text

describe('describeDifference()', () => {
  it('formats the kind, the path and the reason', () => {
    expect(describeDifference(DIFFERENCE, plain)).toBe('other-bytes  messages/a.json: the file differs\n')
  })

  it('adds the message, a version after the first, and the commit if they are known', () => {
    const known = { ...DIFFERENCE, id: 7, commit: 'c'.repeat(40) }
    expect(describeDifference(known, plain)).toBe(
      `other-bytes  messages/a.json (message 7, commit ${'c'.repeat(40)}): the file differs\n`,
    )
    expect(describeDifference({ ...known, commit: null }, plain)).toContain(' (message 7): ')
    expect(describeDifference({ ...known, version: 1, commit: null }, plain)).toContain(' (message 7): ')
    expect(describeDifference({ ...known, version: 2, commit: null }, plain)).toContain(
      ' (message 7, version 2): ',
    )
  })

  it('tells that the difference was repaired', () => {
    expect(describeDifference({ ...DIFFERENCE, repaired: true }, plain)).toMatch(
      /: the file differs Repaired\.\n$/,
    )
  })

  it('stays on one line and escapes control characters of a hostile path', () => {
    const hostile = { ...DIFFERENCE, path: 'a\n\u001b[2J\u202e', reason: 'b\nc' }
    expect(describeDifference(hostile, plain)).toBe('other-bytes  a \\u001b[2J\\u202e: b c\n')
  })
})

describe('describeVerification()', () => {
  it('adds a line about a search index that is not equal', () => {
    const last = (searchIndex: Verification['searchIndex']) =>
      describeVerification({ ...VERIFICATION, searchIndex }, plain)
        .split('\n')
        .at(1)
    expect(last('equal')).toBe('')
    expect(last('different')).toBe('search index: differs from the messages; --repair builds it again')
    expect(last('incomplete')).toBe('search index: still being built, not compared')
    expect(last('repaired')).toBe('search index: built again')
  })

  it('formats a result without differences', () => {
    expect(describeVerification(VERIFICATION, plain)).toBe(
      '10 messages, 9 commits, 1 pending, 2 quarantined: no difference\n',
    )
  })

  it('adds up the differences of all kinds', () => {
    const differences = { ...NO_DIFFERENCES, 'other-bytes': 2, 'wrong-hash': 1 }
    const verification = { ...VERIFICATION, equal: false, differences, repaired: 1 } as Verification
    expect(describeVerification(verification, plain)).toMatch(/: differences: 3, repaired: 1\n$/)
  })
})
