import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fields, openPoster } from '../../testing/open-poster.js'

let poster: Awaited<ReturnType<typeof openPoster>>
beforeAll(async () => {
  poster = await openPoster()
})
afterAll(() => poster[Symbol.asyncDispose]())

const valid = '{"content":"a","sender":"b"}'

describe('an unusual but valid message', () => {
  // Covers IN-21, IN-30, IN-33, IN-34, V1.2.4
  it.each([
    ['a byte order mark', `\ufeff${valid}`, 'a'],
    ['32,768 characters', fields({ content: 'x'.repeat(32_768) }), 'x'.repeat(32_768)],
    ['almost 64 KiB of two-byte characters', fields({ content: 'é'.repeat(32_000) }), 'é'.repeat(32_000)],
    [
      'controls',
      fields({ content: '\u001b[31m\u0007\u007f\u0085\u2028\u2029' }),
      '\u001b[31m\u0007\u007f\u0085\u2028\u2029',
    ],
    ['escapes', '{"content":"\\u0061\\/\\ud83d\\ude00","sender":"b"}', 'a/😀'],
    ['both normalization forms', fields({ content: 'e\u0301é' }), 'e\u0301é'],
    [
      'markup',
      fields({ content: '</script><img src=x onerror=alert(1)>{{7*7}}' }),
      '</script><img src=x onerror=alert(1)>{{7*7}}',
    ],
    ['SQL', fields({ content: "'; DROP TABLE messages; --%_" }), "'; DROP TABLE messages; --%_"],
    ['noncharacters', fields({ content: '\uffff\ufffe\u{10ffff}' }), '\uffff\ufffe\u{10ffff}'],
    ['replacement characters', fields({ content: '\ufffd' }), '\ufffd'],
  ])('is stored byte for byte: %s', async (_, body, content) => {
    const { status, json } = await poster.send(body)
    expect(status).toBe(201)
    const stored = (await poster.server.request(`/messages/${json.message_id}`)).json.content
    expect(digest(stored)).toBe(digest(content))
  })

  // Covers IN-34, IN-35, V1.2.4
  it.each([
    '<>',
    '.',
    '-x',
    '--amend',
    'a <b@c>',
    '@octocat',
    'Fixes #1',
    'a%00b',
    'CON',
    '../x',
    '%',
    '_',
    "' OR 1=1 --",
  ])('can have the sender: %s', async (sender) => {
    const { json } = await poster.send(fields({ sender }))
    expect((await poster.server.request(`/messages/${json.message_id}`)).json.sender).toBe(sender)
    const found = await poster.server.request(`/messages?sender=${encodeURIComponent(sender)}`)
    expect(found.json).toHaveLength(1)
  })
})

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
