import fc from 'fast-check'
import { expect } from 'vitest'
import type { TestResponse } from '../servers/open-test-server.js'

/** Every error code that a request can provoke; `internal` is not among them. */
export const EXPECTED_CODES = `
  body_too_large deleted duplicate_key empty epoch_changed expectation_failed headers_too_large
  host_not_allowed idempotency_key_reused invalid_body invalid_characters invalid_cursor invalid_header
  invalid_host invalid_json invalid_precondition invalid_query invalid_reply_to invalid_request
  invalid_timestamp invalid_type invalid_utf8 invalid_value method_not_allowed missing_field not_editable
  not_acceptable not_found origin_not_allowed position_ahead too_long unknown_field unsupported_charset
  unsupported_encoding unsupported_media_type version_conflict`
  .trim()
  .split(/\s+/)

export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    maxLength: 20,
  }),
  fc.constantFrom(
    'a',
    '',
    ' ',
    '\0',
    '\u202e',
    '\ud800',
    '__proto__',
    "'; DROP TABLE messages; --",
    '😀'.repeat(64),
  ),
)
export const value = fc.oneof(
  { weight: 5, arbitrary: text },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
)

/** The bytes of a text, sometimes damaged. */
export const bytesOf = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(
      text,
      fc.nat(),
      fc.constantFrom(...Array(7).fill('whole'), 'cut', 'corrupted', 'doubled'),
      fc.nat(255),
    )
    .map(([text, at, damage, byte]) => {
      const bytes = Buffer.from(text)
      const position = bytes.length === 0 ? 0 : at % bytes.length
      if (damage === 'cut') return bytes.subarray(0, position)
      if (damage === 'corrupted' && bytes.length > 0) bytes[position] = byte
      return damage === 'doubled' ? Buffer.concat([bytes, bytes]) : bytes
    })

export const visible = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
})

const queryName = fc.constantFrom(
  ...['limit', 'before', 'after', 'sender', 'since', 'until', 'synchronized', 'x'],
  ...['topic', 'thread', 'reply_to', 'deleted', 'format', 'q', 'sort'],
)
const queryValue = fc.oneof(
  visible,
  text.filter((text) => text.isWellFormed()),
  fc.integer().map(String),
  fc.constantFrom('true', '٣', 'reaction', 'a:0', ':', '2025-01-09T00:06:41.000Z/a'),
)
export const query = fc
  .array(fc.tuple(queryName, queryValue), { maxLength: 3 })
  .map((pairs) => new URLSearchParams(pairs).toString())

export const segment = fc.oneof(
  fc.constantFrom(
    'messages',
    'sync',
    'quarantined',
    'history',
    'thread',
    'topics',
    'search',
    'changes',
    'live',
    '..',
    '.git',
    '%2e%2e',
    '%00',
    '%ff',
    '1',
    '',
  ),
  visible.map(encodeURI),
)

/** Expects a response of the usual form; `more` are codes that it may have besides. */
export function expectValidResponse(
  { status, json, headers, text }: TestResponse,
  more: readonly string[] = [],
): void {
  expect(status).not.toBe(500)
  expect(headers['x-content-type-options']).toBe('nosniff')
  if (status < 400 || text === '') return
  expect([...EXPECTED_CODES, ...more]).toContain(json.error.code)
  expect(text.length).toBeLessThan(400)
}
