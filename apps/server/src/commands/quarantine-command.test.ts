import type { QuarantinedChange } from '@gitmsg/store'
import { expect, it } from 'vitest'
import { describeChange } from './quarantine-command.js'

const plain = (_style: string, text: string) => text

it('describeChange() formats a change on one line, and escapes control characters of the reason', () => {
  const change = {
    message: { uid: '0193-uid', id: 7, version: 1 },
    quarantined_at: '2025-01-09T00:06:41.000Z',
    reason: 'pre-receive hook declined\n\u001b[2J',
  } as QuarantinedChange
  expect(describeChange(change, plain)).toBe(
    '0193-uid  2025-01-09T00:06:41.000Z  message 7: pre-receive hook declined \\u001b[2J\n',
  )
  const edit = { ...change, message: { ...change.message, version: 2 } }
  expect(describeChange(edit, plain)).toContain('  message 7, version 2: ')
})
