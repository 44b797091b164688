import type { StoredMessage } from '@gitmsg/store'
import { describe, expect, it } from 'vitest'
import { draftCommit } from './commit.js'

const uid = '0193a5c2-7b1e-7000-8000-000000000000'
const created = '2025-01-09T00:06:41.000Z'

function change(overrides: Partial<StoredMessage> = {}) {
  const message: StoredMessage = {
    id: 12_345,
    origin_id: 12_345,
    uid,
    sender: 'alice',
    content: 'hello',
    timestamp: created,
    created_at: created,
    updated_at: created,
    git_hash: null,
    is_synchronized: false,
    path: 'messages/00/01/23/x.json',
    ...overrides,
  }
  return { message, file: { path: message.path, content: '{}' } }
}

describe('the commit of one message', () => {
  it('says which message it is, and from whom', () => {
    const { message } = draftCommit([change()])
    expect(message).toBe(`Message 12345 from alice\n\nMessage-Id: ${uid}\nSender: alice\n`)
  })

  it('is written by the sender and committed by the service', () => {
    const { author, committer } = draftCommit([change()])
    expect(author).toEqual({ name: 'alice', email: 'sender@gitmsg.invalid' })
    expect(committer).toEqual({ name: 'gitmsg', email: 'gitmsg@gitmsg.invalid' })
  })

  // Covers IN-35, V1.2.1
  it.each([
    ['Ada <ada@example.org>', 'Ada ada@example.org'],
    ['<>', 'unknown'],
    ['.', 'unknown'],
    [',;', 'unknown'],
    ['"Ada"', 'Ada'],
    ['李', '李'],
  ])('names the sender %s as %s, which Git accepts', (sender, name) => {
    expect(draftCommit([change({ sender })]).author.name).toBe(name)
  })

  it.each([
    ['2025-01-08T00:00:00.000Z', '2025-01-08T00:00:00.000Z'],
    ['1969-07-20T20:17:40.000Z', '2020-01-01T00:00:00.000Z'],
    ['2100-01-01T00:00:00.000Z', created],
  ])('of the time %s is dated %s', (timestamp, date) => {
    expect(draftCommit([change({ timestamp })]).authorDate.toISOString()).toBe(date)
  })

  // Covers IN-36
  it('mentions nobody and closes nothing, whatever the sender is called', () => {
    const { message, author } = draftCommit([change({ sender: '@octocat Fixes #1' })])
    expect(message).toContain('Message 12345 from @\u2060octocat Fixes #\u20601\n')
    expect(message).toContain('Sender: @\u2060octocat Fixes #\u20601\n')
    expect(author.name).toBe('@octocat Fixes #1')
  })

  it('is the same each time it is drafted', () => {
    expect(draftCommit([change()])).toEqual(draftCommit([change()]))
  })

  // Covers IN-75
  it.each([
    ['1969-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z'],
    ['2038-01-20T00:00:00.000Z', '2038-01-20T00:00:00.000Z'],
    ['5138-11-16T00:00:00.000Z', '2099-12-31T00:00:00.000Z'],
  ])('where the clock says %s is of %s', (created_at, date) => {
    const { authorDate, committerDate } = draftCommit([change({ created_at, timestamp: created_at })])
    expect([authorDate, committerDate].map((date) => date.toISOString())).toEqual([date, date])
  })
})

it('the commit of many messages lists them, and has a trailer for each', () => {
  const { message, author, files } = draftCommit([
    change(),
    change({ origin_id: 12_346, sender: 'bob', path: 'b' }),
  ])
  expect(message).toBe(
    `Back up 2 messages\n\nMessage 12345 from alice\nMessage 12346 from bob\n\nMessage-Id: ${uid}\nMessage-Id: ${uid}\n`,
  )
  expect(author.name).toBe('gitmsg')
  expect(files).toHaveLength(2)
})
