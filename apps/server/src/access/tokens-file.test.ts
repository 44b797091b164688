import { memfs } from 'memfs'
import { describe, expect, it } from 'vitest'
import type { FileReader } from '../config/read-secret-files.js'
import { type AccessToken, createSecret, digestOf } from './access-token.js'
import { encodeTokens, readTokensFile } from './tokens-file.js'

const token: AccessToken = {
  name: 'laptop',
  sha256: digestOf('secret').toString('hex'),
  scopes: ['read'],
  sender: 'alice',
  created_at: '2025-01-09T00:06:41.000Z',
}

function read(text: string, mode = 0o600): AccessToken[] {
  const { fs } = memfs({ '/tokens.json': text })
  fs.chmodSync('/tokens.json', mode)
  return readTokensFile('/tokens.json', fs as unknown as FileReader)
}

describe('the file of tokens', () => {
  it('gives back what was written', () => {
    expect(read(encodeTokens([token]))).toEqual([token])
  })

  // Covers V13.3.2, V14.2.4
  it.each([0o644, 0o640, 0o604, 0o660, 0o601])('is refused where others may touch it: %o', (mode) => {
    expect(() => read(encodeTokens([token]), mode)).toThrow('chmod 600')
  })

  it('may be read-only', () => {
    expect(read(encodeTokens([token]), 0o400)).toEqual([token])
  })

  // Covers IN-73
  it.each([
    ['', /not JSON/],
    ['null', /version 1/],
    ['[]', /version 1/],
    ['{"version":2,"tokens":[]}', /version 1/],
    ['{"version":1,"tokens":{}}', /version 1/],
    ['{"version":1,"tokens":[null]}', /not valid/],
    [encodeTokens([{ ...token, sha256: 'secret' }]), /not valid/],
    [encodeTokens([{ ...token, scopes: [] }]), /not valid/],
    [encodeTokens([{ ...token, scopes: ['root' as 'read'] }]), /not valid/],
    [encodeTokens([{ ...token, name: 'a b' }]), /not valid/],
    [encodeTokens([{ ...token, sender: 5 as unknown as string }]), /not valid/],
    [encodeTokens([{ ...token, sneder: 'alice' } as AccessToken]), /not valid/],
    [encodeTokens([{ ...token, sha256: [token.sha256] as unknown as string }]), /not valid/],
    [JSON.stringify({ version: 1, tokens: [], more: [] }), /version 1/],
    [encodeTokens([token, token]), /two tokens/],
  ])('is refused: %s', (text, problem) => {
    expect(() => read(text)).toThrow(problem)
  })
})

// Covers V11.5.1
it('a secret has 256 random bits', () => {
  const secrets = Array.from({ length: 100 }, createSecret)
  expect(new Set(secrets).size).toBe(100)
  for (const secret of secrets) {
    expect(Buffer.from(secret.replace('gitmsg_', ''), 'base64url')).toHaveLength(32)
  }
})
