import { describe, expect, it } from 'vitest'
import { createRedactor, redactUnknown } from './redact.js'

const SECRET = 'gh"p/se+cret?token'
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('createRedactor', () => {
  // Covers IN-71
  it.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ token: SECRET })],
    ['in JSON within JSON', JSON.stringify(JSON.stringify({ token: SECRET }))],
    ['percent-encoded', encodeURIComponent(SECRET)],
    [
      'percent-encoded with small digits',
      encodeURIComponent(SECRET).replaceAll(/%../g, (code) => code.toLowerCase()),
    ],
    ['in base64', base64(SECRET)],
    ['in base64 for addresses', Buffer.from(SECRET).toString('base64url')],
    ['as a Basic credential', base64(`x-access-token:${SECRET}`)],
  ])('removes a secret %s', (_, text) => {
    const cleaned = createRedactor([SECRET])(`before ${text} after`)
    expect(cleaned).toMatch(/^before .*\[redacted\].* after$/)
    for (const part of [SECRET, 'se+cret', encodeURIComponent('se+cret'), base64(SECRET).slice(4, -4)]) {
      expect(cleaned).not.toContain(part)
    }
  })

  it('removes the longer of two secrets as a whole when they begin alike', () => {
    expect(createRedactor(['secret', 'secret-and-more'])('secret-and-more secret')).toBe(
      '[redacted] [redacted]',
    )
  })

  it('keeps a secret that is so short that harmless words contain it', () => {
    expect(createRedactor(['main'])('refs/heads/main')).toBe('refs/heads/main')
  })
})

describe('redactUnknown', () => {
  it.each([
    'ghp_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
    'ghs_1234_eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.c2lnbmF0dXJl',
    'github_pat_11AAAAAAA0aaaaaaaaaaaa_bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',
    'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.c2lnbmF0dXJl',
    'token%3AeyJhbGciOiJSUzI1NiJ9.eyJpc3MiOjF9.c2lnbmF0dXJl',
    'bearer 0123456789abcdef0123456789abcdef01234567',
    'Token%200123456789abcdef0123456789abcdef01234567',
    'Basic eC1hY2Nlc3MtdG9rZW46Z2hwX3NlY3JldA==',
  ])('removes what looks like a token: %s', (text) => {
    const cleaned = redactUnknown(`before (${text}) after`)
    expect(cleaned).toMatch(/^before \((?:\w+(?: |%20|%3A))?\[redacted\]\) after$/)
  })

  it.each(['token+', 'eyJ', '-eyJ', 'ghs_1', '%3AeyJ', 'basic%20'])(
    'searches megabytes without overflowing the stack: %s',
    (text) => {
      expect(redactUnknown(`token ${text.repeat(1_000_000)}`)).toMatch(/^token /)
    },
  )

  it.each([
    'the token may not do this; it needs "Contents: read and write"',
    'Resource not accessible by personal access token',
    'Requires basic authentication',
    'https://example.invalid/weighs_more_than_expected/heyJohnny-repository.git',
  ])('keeps harmless words: %s', (text) => {
    expect(redactUnknown(text)).toBe(text)
  })
})
