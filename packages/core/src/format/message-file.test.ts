import type { StoredMessage } from '@gitmsg/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentProblem, senderProblem } from './text-rules.js'
import { decodeMessageFile, encodeMessageFile } from './message-file.js'
import { messagePath } from './message-path.js'

const uid = '0193a5c2-7b1e-7000-8000-000000000000'
const stored: StoredMessage = {
  id: 7,
  origin_id: 12_345,
  uid,
  sender: 'alice',
  content: 'hello "world"\n<é>',
  timestamp: '2025-01-09T00:06:41.000Z',
  created_at: '2025-01-09T00:06:42.000Z',
  updated_at: '2025-01-09T00:06:43.000Z',
  git_hash: null,
  is_synchronized: false,
  path: messagePath(12_345, uid),
}
const bytes = (text: string) => Buffer.from(text, 'utf8')

describe('a message file', () => {
  it('has two-space JSON, the keys in their order, and a final newline', () => {
    expect(encodeMessageFile(stored)).toBe(`{
  "uid": "0193a5c2-7b1e-7000-8000-000000000000",
  "id": 12345,
  "sender": "alice",
  "content": "hello \\"world\\"\\n<é>",
  "timestamp": "2025-01-09T00:06:41.000Z",
  "created_at": "2025-01-09T00:06:42.000Z",
  "updated_at": "2025-01-09T00:06:43.000Z"
}
`)
  })

  it('gives back every message that the rules allow, byte for byte', () => {
    const content = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => contentProblem(text) === null)
    const sender = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => senderProblem(text) === null)
    fc.assert(
      fc.property(content, sender, (content, sender) => {
        const text = encodeMessageFile({ ...stored, content, sender })
        const message = decodeMessageFile(stored.path, bytes(text))
        expect(message).toMatchObject({ content, sender, uid, id: 12_345 })
      }),
    )
  })
})

describe('a file that is no message of version 1', () => {
  const text = encodeMessageFile(stored)
  it.each([
    ['no JSON', '{', /not JSON/],
    ['JSON of another kind', '[]\n', /shape/],
    ['an empty file', '', /not JSON/],
    ['a byte order mark', `\ufeff${text}`, /not JSON/],
    ['another spacing', JSON.stringify(JSON.parse(text)), /form of version 1/],
    ['no final newline', text.trimEnd(), /form of version 1/],
    ['a key twice', text.replace('"id"', '"uid": "x",\n  "id"'), /form|uid/],
    ['a key more', text.replace('"id"', '"extra": 1,\n  "id"'), /shape/],
    ['content with NUL', encodeMessageFile({ ...stored, content: 'a\0' }), /content/],
    ['an unfit sender', encodeMessageFile({ ...stored, sender: 'a\nb' }), /sender/],
    ['a time in another form', text.replace('06:41.000Z', '06:41Z'), /timestamp/],
    ['another id than its path says', text.replace('12345', '99'), /path/],
    ['a uid that is none', text.replace(uid, '../../etc/passwd'), /uid/],
  ])('%s', (_, content, reason) => {
    expect(decodeMessageFile(stored.path, bytes(content))).toMatch(reason)
  })

  it('bytes that are not UTF-8', () => {
    expect(decodeMessageFile(stored.path, Uint8Array.of(0x22, 0xff, 0x22))).toMatch(/not JSON/)
  })
})
