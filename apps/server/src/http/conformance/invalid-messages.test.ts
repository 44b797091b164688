import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fields, openPoster } from '../../testing/open-poster.js'

let poster: Awaited<ReturnType<typeof openPoster>>
beforeAll(async () => {
  poster = await openPoster()
})
afterAll(() => poster[Symbol.asyncDispose]())

const valid = '{"content":"a","sender":"b"}'

describe('JSON that is not a message', () => {
  // Covers IN-10
  it.each(['"text"', '5', 'null', 'true', '[]', `[${valid}]`])(
    'is rejected if it is not an object: %s',
    async (body) => {
      await poster.expectError(poster.send(body), 422, 'invalid_body')
    },
  )

  // Covers IN-11, IN-13, V1.5.2, V15.3.3, V15.3.6
  it.each([
    '{"content":"a","sender":"b","__proto__":{"admin":true}}',
    '{"content":"a","sender":"b","\\u005f_proto__":1}',
    '{"content":"a","sender":"b","constructor":{"prototype":{}}}',
    '{"content":"a","sender":"b","toString":"x"}',
    '{"content":"a","sender":"b","hasOwnProperty":"x"}',
    ...['id', 'uid', 'synced', 'is_synchronized', 'git_hash', 'createdAt', 'created_at', 'admin', ''].map(
      (name) => fields({ [name]: 1 }),
    ),
  ])('is rejected if it has an unknown field: %s', async (body) => {
    await poster.expectError(poster.send(body), 422, 'unknown_field')
    expect(Object.prototype).not.toHaveProperty('admin')
  })

  // Covers IN-14
  it.each(['{}', '{"content":"a"}', '{"sender":"b"}', fields({ sender: null }), fields({ content: null })])(
    'is rejected if it lacks a field: %s',
    async (body) => {
      await poster.expectError(poster.send(body), 422, 'missing_field')
    },
  )

  // Covers IN-15, IN-16, IN-17, V15.3.5
  it.each(['5', '1e999', '12345678901234567890', 'true', '{}', '["a"]', '[]', '{"toString":"x"}'])(
    'is rejected if its sender or content has another type: %s',
    async (value) => {
      await poster.expectError(poster.send(`{"content":"a","sender":${value}}`), 422, 'invalid_type')
      await poster.expectError(poster.send(`{"sender":"a","content":${value}}`), 422, 'invalid_type')
    },
  )

  // Covers IN-18, IN-19, IN-20, IN-21, IN-28, IN-29, V2.2.2
  it.each<readonly [string, object]>([
    ['empty', { sender: '' }],
    ['empty', { sender: ' \t' }],
    ['empty', { sender: '\u200b\u2060\ufeff' }],
    ['empty', { sender: '\u2800\u3164' }],
    ['too_long', { sender: '😀'.repeat(65) }],
    ['empty', { content: '' }],
    ['empty', { content: ' \n\u2003' }],
    ['too_long', { content: 'x'.repeat(32_769) }],
    ['invalid_characters', { content: 'a\0' }],
    ['invalid_characters', { content: '\ud800' }],
    ['invalid_characters', { content: '\udc00\ud800' }],
    ...['\n', '\t', '\u001b', '\u007f', '\u0085', '\u2028', '\u202e', '\u2066', '\u2069', '\u0378'].map(
      (character) => ['invalid_characters', { sender: `a${character}b` }] as const,
    ),
    ['invalid_characters', { sender: '\u0301' }],
    ['invalid_timestamp', { timestamp: '1969-13-01T00:00:00Z' }],
  ])('is rejected as %s: %j', async (code, input) => {
    await poster.expectError(poster.send(fields(input)), 422, code)
  })
})

describe('a body that is expensive to process', () => {
  // Covers IN-23, IN-24, V15.2.2
  it.each([
    ['deep', '['.repeat(30_000) + ']'.repeat(30_000), 422, 'invalid_body'],
    [
      'deep, in a field',
      `{"content":${'['.repeat(30_000)}${']'.repeat(30_000)},"sender":"b"}`,
      422,
      'invalid_type',
    ],
    ['deep, in objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 422, 'missing_field'],
    ['200,000 deep', '['.repeat(200_000), 413, 'body_too_large'],
    ['full of keys', `{${Array.from({ length: 7_000 }, (_, key) => `"${key}":1`)}}`, 422, 'missing_field'],
    [
      'of 60,000 keys',
      `{${Array.from({ length: 60_000 }, (_, key) => `"${key}":1`)}}`,
      413,
      'body_too_large',
    ],
    ['one backslash after another', `{"content":"${'\\\\'.repeat(32_000)}`, 400, 'invalid_json'],
    ['60,000 blanks and a letter', fields({ content: `${' '.repeat(60_000)}x` }), 422, 'too_long'],
  ])('does not delay other requests: %s', async (_, body, status, code) => {
    await poster.expectError(poster.send(body), status, code)
    const start = performance.now()
    for (let time = 0; time < 5; time += 1) await poster.send(body)
    // A few milliseconds on an idle machine; quadratic processing would take seconds.
    expect((performance.now() - start) / 5).toBeLessThan(250)
  })
})
