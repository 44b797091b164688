import { expect, it } from 'vitest'
import { describeCopied } from './move-command.js'

it('describeCopied() reports what was copied, the digest, and what to do next', () => {
  const copied = { messages: 3, versions: 2, changes: 1, idempotencyKeys: 4, digest: 'abc' }
  expect(describeCopied(copied)).toMatch(
    /^3 messages, 2 earlier versions and 1 changes .*\n.*: abc\nNext: .*gitmsg verify/,
  )
})
