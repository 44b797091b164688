import type { StoredMessage } from '@gitmsg/store'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessageFile, encodeMessageFile, MAX_MESSAGE_FILE_BYTES, messagePath } from './message-file.js'
import { contentProblem, MAX_CONTENT_LENGTH, MAX_NAME_LENGTH, nameProblem } from './text-rules.js'

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
  version: 1,
  format: 'plain',
  topic: null,
  reply_to: null,
  thread: null,
  deleted_at: null,
  updated_by: null,
  synchronized_version: null,
  position: 1,
}
const bytes = (text: string) => Buffer.from(text, 'utf8')

describe('encodeMessageFile()', () => {
  it('writes two-space JSON with the keys in a fixed order and a final newline', () => {
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

  it('round-trips every valid message byte for byte', () => {
    const content = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => contentProblem(text) === null)
    const sender = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => nameProblem(text) === null)
    fc.assert(
      fc.property(content, sender, (content, sender) => {
        const text = encodeMessageFile({ ...stored, content, sender })
        const message = decodeMessageFile(stored.path, bytes(text))
        expect(message).toMatchObject({ content, sender, uid, id: 12_345 })
      }),
    )
  })
})

describe('the file of a version that a plain message does not have', () => {
  const version: StoredMessage = {
    ...stored,
    version: 3,
    topic: 'deploys',
    reply_to: '0193a5c2-7b1e-7000-8000-000000000001',
    format: 'markdown',
    updated_by: 'carol',
  }

  it('has its keys in a fixed order', () => {
    expect(Object.keys(JSON.parse(encodeMessageFile(version)))).toEqual([
      ...['uid', 'id', 'version', 'sender', 'topic', 'reply_to', 'format', 'content'],
      ...['timestamp', 'created_at', 'updated_at', 'updated_by'],
    ])
    expect(decodeMessageFile(version.path, bytes(encodeMessageFile(version)))).toMatchObject({
      version: 3,
      topic: 'deploys',
      reply_to: version.reply_to,
      format: 'markdown',
      updated_by: 'carol',
      deleted_at: null,
    })
  })

  it('has no content and no format in a tombstone', () => {
    const tombstone = { ...version, content: '', format: 'plain', deleted_at: version.updated_at } as const
    const text = encodeMessageFile(tombstone)
    expect(JSON.parse(text)).toMatchObject({ deleted: true, topic: 'deploys' })
    expect(text).not.toMatch(/content|format/)
    expect(decodeMessageFile(version.path, bytes(text))).toMatchObject({
      content: '',
      format: 'plain',
      deleted_at: version.updated_at,
    })
  })

  const file = JSON.parse(encodeMessageFile(version))
  it.each([
    ['version 1, which is left out', { version: 1 }, /version/],
    ['a version that is not a whole number', { version: 2.5 }, /version/],
    ['the format plain, which is left out', { format: 'plain' }, /format/],
    ['an unknown format', { format: 'html' }, /format/],
    ['a reaction that is not one emoji', { format: 'reaction' }, /format/],
    ['a reaction to nothing', { format: 'reaction', content: '👍', reply_to: undefined }, /format/],
    ['a topic with a line break', { topic: 'a\nb' }, /topic/],
    ['an editor with a line break', { updated_by: 'a\nb' }, /updated_by/],
    ['a parent that is not a uid', { reply_to: '5' }, /reply_to/],
    ['a tombstone with content', { deleted: true }, /deleted/],
    ['a tombstone that is version 1', { deleted: true, content: undefined, version: undefined }, /deleted/],
    ['a message without content', { content: undefined }, /content/],
    ['deleted: false, which is left out', { deleted: false }, /deleted/],
    ['keys in another order', Object.fromEntries(Object.entries(file).reverse()), /canonical form/],
  ])('is rejected with %s', (title, changes, reason) => {
    const text = `${JSON.stringify(title.startsWith('keys') ? changes : { ...file, ...changes }, null, 2)}\n`
    expect(decodeMessageFile(version.path, bytes(text))).toMatch(reason)
  })
})

it.each(['\u0001', '"', '\\', '🙂', 'a\u2028'])(
  'the largest message of %j is a file of at most 256 KiB',
  (character) => {
    const name = '🙂'.repeat(MAX_NAME_LENGTH)
    const content = character.repeat(MAX_CONTENT_LENGTH / [...character].length)
    const file = bytes(encodeMessageFile({ ...stored, content, sender: name, topic: name, updated_by: name }))
    expect(file.byteLength).toBeLessThanOrEqual(MAX_MESSAGE_FILE_BYTES)
    expect(decodeMessageFile(stored.path, file)).toMatchObject({ content })
  },
)

describe('decodeMessageFile() rejects', () => {
  const text = encodeMessageFile(stored)
  it.each([
    ['text that is not JSON', '{', /not JSON/],
    ['JSON that is not an object', '[]\n', /shape/],
    ['an empty file', '', /not JSON/],
    ['a byte order mark', `\ufeff${text}`, /not JSON/],
    ['different white space', JSON.stringify(JSON.parse(text)), /canonical form/],
    ['a missing final newline', text.trimEnd(), /canonical form/],
    ['a duplicate key', text.replace('"id"', '"uid": "x",\n  "id"'), /form|uid/],
    ['an extra key', text.replace('"id"', '"extra": 1,\n  "id"'), /shape/],
    ['content with NUL', encodeMessageFile({ ...stored, content: 'a\0' }), /content/],
    ['an invalid sender', encodeMessageFile({ ...stored, sender: 'a\nb' }), /sender/],
    ['a timestamp in another form', text.replace('06:41.000Z', '06:41Z'), /timestamp/],
    ['an id that does not match the path', text.replace('12345', '99'), /path/],
    ['a large file of brackets', `{\n  "uid": [${'{},'.repeat(50_000)}1]\n}\n`, /canonical form/],
    ['an invalid uid', text.replace(uid, '../../etc/passwd'), /uid/],
  ])('%s', (_, content, reason) => {
    expect(decodeMessageFile(stored.path, bytes(content))).toMatch(reason)
  })

  it('bytes that are not UTF-8', () => {
    expect(decodeMessageFile(stored.path, Uint8Array.of(0x22, 0xff, 0x22))).toMatch(/not JSON/)
  })
})

it.each([
  [1, '00/00/00'],
  [99, '00/00/00'],
  [100, '00/00/01'],
  [12_345, '00/01/23'],
  [99_999_999, '99/99/99'],
  [100_000_000, '100/00/00'],
])('messagePath() puts message %i into the folder %s', (id, folders) => {
  expect(messagePath(id, uid)).toBe(`messages/${folders}/${uid}.json`)
})

// Covers IN-67, V5.3.2
it.each([
  [1, '../x'],
  [1, 'a/b'],
  [1, '.git'],
  [1, 'con'],
  [1, ''],
  [1, uid.toUpperCase()],
  [1, `${uid}\n`],
  [1, 'a'.repeat(256)],
  [0, uid],
  [-1, uid],
  [1.5, uid],
  [Number.NaN, uid],
  [2 ** 60, uid],
])('messagePath() rejects id %s with uid %j', (id, uid) => {
  expect(() => messagePath(id, uid)).toThrow(expect.objectContaining({ code: 'invalid-id' }))
})
