import { expect, it } from 'vitest'
import { describeCopied } from './move-command.js'

it('describeCopied() reports what was copied, the digest, and what to do next', () => {
  const copied = { messages: 3, versions: 2, changes: 1, idempotencyKeys: 4, digest: 'abc' }
  expect(describeCopied(copied, null)).toMatch(
    /^3 messages, 2 earlier versions and 1 changes .*\n.*: abc\nNext: .*gitmsg verify/,
  )
  const accounts = { accounts: 5, tokens: 6, held: 7, digest: 'def' }
  expect(describeCopied(copied, accounts)).toMatch(
    /^3 messages, .*\n5 accounts, 6 tokens and 7 held posts copied\n.*: abc\nNext: /,
  )
})
