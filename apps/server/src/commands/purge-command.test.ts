import { PassThrough } from 'node:stream'
import type { PurgeSummary } from '@gitmsg/core'
import { describe, expect, it } from 'vitest'
import { describePurge, describeQuestion, isConfirmed } from './purge-command.js'

const SUMMARY: PurgeSummary = {
  purged: true,
  messages: 2,
  versions: 0,
  oldTip: 'a'.repeat(40),
  newTip: 'b'.repeat(40),
  first: 'c'.repeat(40),
  rewritten: 7,
  dropped: 3,
  otherRefs: [],
  remaining: 0,
}
const REMOTE = { branch: 'main', remote: 'https://example.com/log.git', isShared: false }
const LOCAL = { branch: 'main', remote: null, isShared: false }

describe('describePurge()', () => {
  it('reports both tips, and what is out of reach', () => {
    const text = describePurge(SUMMARY, REMOTE)
    expect(text).toContain('Erased: 2 messages; 7 commits rewritten, 3 dropped\n')
    expect(text).toContain(`main was at ${SUMMARY.oldTip}, and is at ${SUMMARY.newTip}\n`)
    expect(text).toMatch(/clones, forks and backups[\s\S]*caches and in pull requests[\s\S]*other servers/)
    expect(text).not.toMatch(/still in the local repository|PostgreSQL/)
    expect(describePurge(SUMMARY, { ...REMOTE, isShared: true })).toContain('PostgreSQL')
  })

  it('names no host if there is no remote, and no tip if the branch did not change', () => {
    const text = describePurge({ ...SUMMARY, newTip: SUMMARY.oldTip, first: null }, LOCAL)
    expect(text).not.toMatch(/pull requests|was at/)
  })

  it('names what still has old contents', () => {
    const kept = { ...SUMMARY, remaining: 2, otherRefs: ['refs/heads/copy'] }
    expect(describePurge(kept, LOCAL)).toContain(
      '2 old contents still in the local repository: refs/heads/copy',
    )
    expect(describePurge({ ...kept, otherRefs: [] }, LOCAL)).toContain('.keep file')
  })

  it('of a dry run says that nothing was changed', () => {
    const preview = { ...SUMMARY, purged: false, newTip: null, versions: 4 }
    expect(describePurge(preview, REMOTE)).toBe(
      'Nothing was changed. To be erased: 4 versions of 2 messages; 7 commits rewritten, 3 dropped\n',
    )
  })
})

it('describeQuestion() names the branch and its repository', () => {
  expect(describeQuestion(SUMMARY, REMOTE)).toMatch(/7 commits of the branch main of https:.*drops 3/)
  expect(describeQuestion(SUMMARY, LOCAL)).toContain('the local repository')
})

describe('isConfirmed()', () => {
  const { signal } = new AbortController()

  it.each([
    ['the name of the branch', 'main\n', true],
    ['anything else', 'yes\n', false],
    ['nothing', '\n', false],
    ['the end of the input', null, false],
  ])('%s', async (_, response, expected) => {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const confirmed = isConfirmed({ input, output, signal }, REMOTE, SUMMARY)
    input.end(response ?? undefined)
    expect(await confirmed).toBe(expected)
    expect(output.read().toString()).toBe(describeQuestion(SUMMARY, REMOTE))
  })

  it('rejects when its signal aborts', async () => {
    const streams = { input: new PassThrough(), output: new PassThrough() }
    const signal = AbortSignal.timeout(1)
    await expect(isConfirmed({ ...streams, signal }, REMOTE, SUMMARY)).rejects.toThrow('aborted')
  })
})
