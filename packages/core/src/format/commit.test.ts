import type { StoredMessage } from '@gitmsg/store'
import { describe, expect, it } from 'vitest'
import { draftCommit, neutralizeMentions } from './commit.js'

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
    version: 1,
    format: 'plain',
    topic: null,
    reply_to: null,
    thread: null,
    deleted_at: null,
    updated_by: null,
    synchronized_version: null,
    position: 1,
    ...overrides,
  }
  return { message, file: { path: message.path, content: '{}' } }
}

describe('the commit of one message', () => {
  it('names the message and its sender in the subject and the trailers', () => {
    const { message } = draftCommit([change()])
    expect(message).toBe(`Message 12345 from alice\n\nMessage-Id: ${uid}\nSender: alice\n`)
  })

  it('has the sender as author and the service as committer', () => {
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
  ])('turns the sender %s into the author name %s, which Git accepts', (sender, name) => {
    expect(draftCommit([change({ sender })]).author.name).toBe(name)
  })

  it.each([
    ['2025-01-08T00:00:00.000Z', '2025-01-08T00:00:00.000Z'],
    ['1969-07-20T20:17:40.000Z', '2020-01-01T00:00:00.000Z'],
    ['2100-01-01T00:00:00.000Z', created],
  ])('dates a message of %s to %s', (timestamp, date) => {
    expect(draftCommit([change({ timestamp })]).authorDate.toISOString()).toBe(date)
  })

  // Covers IN-36
  it("mentions no one and closes nothing, whatever the sender's name", () => {
    const { message, author } = draftCommit([change({ sender: '@octocat Fixes #1' })])
    expect(message).toContain('Message 12345 from @\u2060octocat Fixes #\u20601\n')
    expect(message).toContain('Sender: @\u2060octocat Fixes #\u20601\n')
    expect(author.name).toBe('@octocat Fixes #1')
  })

  it('is the same every time it is drafted', () => {
    expect(draftCommit([change()])).toEqual(draftCommit([change()]))
  })

  // Covers IN-75
  it.each([
    ['1969-01-01T00:00:00.000Z', '2020-01-01T00:00:00.000Z'],
    ['2038-01-20T00:00:00.000Z', '2038-01-20T00:00:00.000Z'],
    ['5138-11-16T00:00:00.000Z', '2099-12-31T00:00:00.000Z'],
  ])('clamps the date %s of a wrong clock to %s', (created_at, date) => {
    const { authorDate, committerDate } = draftCommit([change({ created_at, timestamp: created_at })])
    expect([authorDate, committerDate].map((date) => date.toISOString())).toEqual([date, date])
  })
})

it('the commit of several messages lists them, with a trailer for each', () => {
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
])('neutralizeMentions() leaves a plain name unchanged: %s', (name) => {
  expect(neutralizeMentions(name)).toBe(name)
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
])('neutralizeMentions() disarms what Git hosts act on, invisibly: %s', (name) => {
  const neutral = neutralizeMentions(name)
  for (const trigger of ACTED_ON) expect(neutral).not.toMatch(trigger)
  expect(neutral.replaceAll('\u2060', '')).toBe(name)
})

describe('the commit of an edit and of a deletion', () => {
  const edited = '2025-02-01T10:00:00.000Z'
  const edit = (overrides: Partial<StoredMessage> = {}) =>
    draftCommit([change({ version: 2, updated_at: edited, topic: 'deploys', ...overrides })])

  it('names the message, the version, the sender and who changed it', () => {
    expect(edit().message).toBe(
      `Edit message 12345 from alice\n\nMessage-Id: ${uid}\nVersion: 2\nSender: alice\n`,
    )
    expect(edit({ updated_by: 'carol', deleted_at: edited, content: '' }).message).toBe(
      `Delete message 12345 from alice\n\nMessage-Id: ${uid}\nVersion: 2\nSender: alice\nChanged-By: carol\n`,
    )
  })

  it('has who made the change as author, and its time as both dates', () => {
    const { author, authorDate, committer, committerDate } = edit({ updated_by: 'carol' })
    expect([author.name, committer.name]).toEqual(['carol', 'gitmsg'])
    expect([authorDate, committerDate].map((date) => date.toISOString())).toEqual([edited, edited])
  })
})

it('the commit of a reply names its parent and its topic, in which no line can be forged', () => {
  const { message } = draftCommit([change({ reply_to: uid, topic: '#deploys' })])
  expect(message).toBe(
    `Message 12345 from alice\n\nMessage-Id: ${uid}\nSender: alice\nIn-Reply-To: ${uid}\nTopic: #\u2060deploys\n`,
  )
})

it('the commit of several changes counts changes, not messages, unless all are new messages', () => {
  const { message } = draftCommit([change(), change({ version: 2 })])
  expect(message.split('\n').slice(0, 4)).toEqual([
    'Back up 2 changes',
    '',
    'Message 12345 from alice',
    'Edit message 12345 from alice',
  ])
})
