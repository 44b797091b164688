import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestOf, SECRET_SHAPE } from './access-token.js'
import { createToken, listTokens, revokeToken } from './manage-tokens.js'
import { readTokensFile } from './tokens-file.js'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gitmsg-tokens-'))
  path = join(folder, 'tokens.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('createToken()', () => {
  it('returns the secret, and stores its digest only', () => {
    const { token, ...description } = createToken(path, { scopes: ['read'], name: 'laptop' })
    expect(token).toMatch(SECRET_SHAPE)
    expect(description).toEqual({
      name: 'laptop',
      scopes: ['read'],
      sender: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    })
    expect(readFileSync(path, 'utf8')).not.toContain(token)
    expect(readTokensFile(path)).toMatchObject([{ sha256: digestOf(token).toString('hex') }])
  })

  it('stores the sender of a token that is bound to one', () => {
    expect(createToken(path, { scopes: ['write'], sender: 'alice' }).sender).toBe('alice')
    expect(readTokensFile(path)).toMatchObject([{ sender: 'alice' }])
  })

  it('gives a token without a name a random one', () => {
    const names = [1, 2].map(() => createToken(path, { scopes: ['read'] }).name)
    for (const name of names) expect(name).toMatch(/^token-[0-9a-f]{6}$/)
    expect(new Set(names).size).toBe(2)
  })

  it('rejects a name that is taken, and leaves its token as it was', () => {
    createToken(path, { scopes: ['read'], name: 'laptop' })
    const before = readFileSync(path, 'utf8')
    expect(() => createToken(path, { scopes: ['admin'], name: 'laptop' })).toThrow(
      'a token named laptop already exists',
    )
    expect(readFileSync(path, 'utf8')).toBe(before)
  })
})

describe('revokeToken()', () => {
  it('removes the token with this name and no other', () => {
    for (const name of ['laptop', 'phone']) createToken(path, { scopes: ['read'], name })
    revokeToken(path, 'laptop')
    expect(listTokens(path).map(({ name }) => name)).toEqual(['phone'])
  })

  it('rejects a name that no token has', () => {
    createToken(path, { scopes: ['read'], name: 'laptop' })
    expect(() => revokeToken(path, 'phone')).toThrow('no token has this name')
    expect(listTokens(path)).toHaveLength(1)
  })
})

describe('listTokens()', () => {
  it('returns the tokens oldest first, without secrets and digests', () => {
    createToken(path, { scopes: ['read', 'write'], name: 'b' })
    createToken(path, { scopes: ['admin'], name: 'a', sender: 'alice' })
    const created_at = expect.any(String)
    expect(listTokens(path)).toEqual([
      { name: 'b', scopes: ['read', 'write'], sender: null, created_at },
      { name: 'a', scopes: ['admin'], sender: 'alice', created_at },
    ])
  })

  it('throws if there is no tokens file', () => {
    expect(() => listTokens(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }))
  })
})
