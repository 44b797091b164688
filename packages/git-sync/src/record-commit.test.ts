import { describe, expect, it } from 'vitest'
import type { CommitDraft } from './git-backend.js'
import { hashCommit, recordCommit, selectFiles } from './record-commit.js'
import { draft, file } from './testing/drafts.js'

const PARENT = '1234567890123456789012345678901234567890'
const commit = draft('subject', file('a', '1'), file('b', null))

describe('hashCommit', () => {
  it('returns the name of a commit, the same for the same draft on the same parent', () => {
    expect(hashCommit(PARENT, commit)).toMatch(/^[0-9a-f]{40}$/)
    expect(hashCommit(PARENT, structuredClone(commit))).toBe(hashCommit(PARENT, commit))
  })

  it.each<[string, Partial<CommitDraft>]>([
    ['a message without its final line end', { message: 'subject\n' }],
    ['fractions of a second', { authorDate: new Date(commit.authorDate.getTime() + 999) }],
    ['the order of files', { files: [...commit.files].reverse() }],
    ['text or bytes', { files: [file('a', Buffer.from('1')), file('b', null)] }],
  ])('does not depend on what Git would not store: %s', (_, changed) => {
    expect(hashCommit(PARENT, { ...commit, ...changed })).toBe(hashCommit(PARENT, commit))
  })

  it.each<[string, Partial<CommitDraft>]>([
    ['message', { message: 'other' }],
    ['author', { author: { name: 'Bob', email: 'ada@example.invalid' } }],
    ['author date', { authorDate: new Date(0) }],
    ['committer', { committer: { name: 'contract', email: 'other@example.invalid' } }],
    ['committer date', { committerDate: new Date(0) }],
    ['path', { files: [file('c', '1'), file('b', null)] }],
    ['content', { files: [file('a', '2'), file('b', null)] }],
    ['removal', { files: [file('a', '1'), file('b', '')] }],
    ['boundary between two files', { files: [file('a', '1["b",null]')] }],
  ])('differs if one of these differs: %s', (_, changed) => {
    expect(hashCommit(PARENT, { ...commit, ...changed })).not.toBe(hashCommit(PARENT, commit))
  })

  it('differs on another parent', () => {
    expect(hashCommit(null, commit)).not.toBe(hashCommit(PARENT, commit))
  })
})

describe('recordCommit', () => {
  it('returns the draft as changesSince() gives it back', () => {
    const authorDate = new Date('2025-01-09T00:06:41.999Z')
    const files = [{ path: 'a', content: Uint8Array.of(1) }]
    const { author, committer, committerDate } = commit
    expect(recordCommit(PARENT, { ...commit, authorDate }, files)).toEqual({
      hash: PARENT,
      author,
      authorDate: new Date('2025-01-09T00:06:41Z'),
      committer,
      committerDate,
      message: 'subject\n',
      files,
    })
  })
})

describe('selectFiles', () => {
  const recorded = recordCommit(PARENT, commit, [
    { path: 'notes', content: null },
    { path: 'notes-not/1', content: Uint8Array.of(1) },
    { path: 'notes/1', content: Uint8Array.of(1, 2) },
    { path: 'notes/2', content: Uint8Array.of(1, 2, 3) },
  ])

  it('returns the files at or below the given paths, without the content of files that are too large', () => {
    const { files, ...rest } = selectFiles(recorded, { within: ['notes'], maxFileBytes: 2 })
    expect(files).toEqual([
      { path: 'notes', content: null },
      { path: 'notes/1', content: Uint8Array.of(1, 2) },
      { path: 'notes/2', content: null, omitted: 'too-large' },
    ])
    expect({ ...rest, files: recorded.files }).toEqual(recorded)
  })

  it.each([Uint8Array.of(1, 2, 3), Buffer.of(1, 2, 3)])('returns copies of the bytes: %o', (content) => {
    const stored = { ...recorded, files: [{ path: 'a', content }] }
    selectFiles(stored).files[0]?.content?.fill(0)
    expect([...content]).toEqual([1, 2, 3])
  })
})
