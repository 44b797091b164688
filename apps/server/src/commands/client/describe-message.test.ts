import type { Message } from '@gitmsg/client'
import { describe, expect, it } from 'vitest'
import { describeMessage } from './describe-message.js'

const MESSAGE: Message = {
  id: 12,
  uid: '0193a5c2-7b1e-7000-8000-000000000000',
  content: 'Hello, Git',
  sender: 'alice',
  timestamp: '2025-01-09T00:06:41.000Z',
  git_hash: null,
  is_synchronized: false,
  created_at: '2025-01-09T00:06:41.000Z',
  updated_at: '2025-01-09T00:06:41.000Z',
}
const plain = (_style: string, text: string) => text
const lineOf = (fields: Partial<Message>) => describeMessage({ ...MESSAGE, ...fields }, plain)

describe('describeMessage()', () => {
  it.each<[string, Partial<Message>, string]>([
    ['pending', {}, '12 ------- 2025-01-09T00:06:41Z alice: Hello, Git\n'],
    [
      'in the repository',
      { git_hash: 'abcdef0123456789', topic: 'deploys' },
      '12 abcdef0 2025-01-09T00:06:41Z [deploys] alice: Hello, Git\n',
    ],
    ['edited', { version: 2 }, '12 ------- 2025-01-09T00:06:41Z alice: Hello, Git (edited)\n'],
    [
      'deleted',
      { version: 3, content: null, deleted: true },
      '12 ------- 2025-01-09T00:06:41Z alice: (deleted)\n',
    ],
    ['a reply', { reply_to: 'uid' }, '12 ------- 2025-01-09T00:06:41Z alice: Hello, Git (reply to uid)\n'],
    [
      'a reaction',
      { reply_to: 'uid', format: 'reaction', content: '👍' },
      '12 ------- 2025-01-09T00:06:41Z alice: 👍 (reaction to uid)\n',
    ],
  ])('formats a message on one line: %s', (_, fields, line) => {
    expect(lineOf(fields)).toBe(line)
  })

  it('indents further lines, so that no text looks like another message', () => {
    expect(lineOf({ content: 'a\r\nb\n\n\tc' })).toMatch(/alice: a\n {4}b\n {4}\n {8}c\n$/)
  })

  // Covers IN-30
  it('escapes what a terminal would act on, in every field', () => {
    const attack = '\u001b]0;owned\u0007\u009b2J\u202eevil\r\u2028'
    const fields = { content: attack, sender: attack, topic: attack, timestamp: attack, reply_to: attack }
    const line = lineOf({ ...fields, git_hash: '\u001b[2J' })
    expect(line).toContain('\\u001b]0;owned\\u0007\\u009b2J\\u202eevil\\u000d\\u2028')
    expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Zl}\p{Bidi_Control}]/u)
  })
})
