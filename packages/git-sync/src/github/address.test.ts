import { describe, expect, it } from 'vitest'
import { assertToken, parseApiUrl, parseRepository, webAddress } from './address.js'

describe('parseRepository', () => {
  it('returns the owner and the name', () => {
    expect(parseRepository('owner/name')).toEqual({ owner: 'owner', repo: 'name' })
  })

  it.each(['name', 'https://github.com/owner/name', 'owner/name/more', '../name', 'owner/..', 'owner/na me'])(
    'rejects what is not owner/name: %s',
    (text) => {
      expect(() => parseRepository(text)).toThrow(/owner\/name/)
    },
  )
})

describe('parseApiUrl', () => {
  it.each([
    'http://example.org',
    'ftp://example.org',
    'https://u:p@example.org',
    'https://example.org?x',
    'https://ghp_secret\\@example.org',
    'https://example\t.org',
    'x',
  ])('rejects a URL that is not safe: %s', (text) => {
    expect(() => parseApiUrl(text)).toThrow(/address of GitHub/)
  })
})

describe('webAddress', () => {
  it.each([
    ['https://api.github.com', 'https://github.com/o/n'],
    ['https://git.example.org/api/v3/', 'https://git.example.org/o/n'],
    ['https://api.acme.ghe.com', 'https://acme.ghe.com/o/n'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/o/n'],
  ])('for %s returns %s', (api, web) => {
    expect(webAddress(parseApiUrl(api), { owner: 'o', repo: 'n' })).toBe(web)
  })
})

describe('assertToken', () => {
  it.each(['', 'a\nb', 'a b', 'tökén'])('rejects a token that no header can carry: %j', (token) => {
    expect(() => assertToken(token)).toThrow(/the GitHub token/)
  })
})
