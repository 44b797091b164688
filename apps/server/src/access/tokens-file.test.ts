import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { memfs } from 'memfs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ReadOnlyFileSystem } from '../file-system.js'
import { type AccessToken, digestOf } from './access-token.js'
import { changeTokensFile, encodeTokens, readTokensFile } from './tokens-file.js'

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
  return readTokensFile('/tokens.json', fs as unknown as ReadOnlyFileSystem)
}

describe('readTokensFile()', () => {
  it('returns the tokens that encodeTokens() wrote', () => {
    const moderator: AccessToken = { ...token, name: 'moderator', scopes: ['write', 'moderate'] }
    expect(read(encodeTokens([token, moderator]))).toEqual([token, moderator])
  })

  // Covers V13.3.2, V14.2.4
  it.each([0o644, 0o640, 0o604, 0o660, 0o601])('rejects a file that other users can access: %o', (mode) => {
    expect(() => read(encodeTokens([token]), mode)).toThrow('chmod 600')
  })

  it('reads a read-only file', () => {
    expect(read(encodeTokens([token]), 0o400)).toEqual([token])
  })

  // Covers V13.3.2
  it.each([
    ["root's, as another user", { owner: 0, user: 1000, mode: 0o440 }, true],
    ["root's, writable for the group", { owner: 0, user: 1000, mode: 0o460 }, false],
    ["root's, readable for all", { owner: 0, user: 1000, mode: 0o444 }, false],
    ["another user's", { owner: 1001, user: 1000, mode: 0o440 }, false],
    ["root's own", { owner: 0, user: 0, mode: 0o440 }, false],
  ])('accepts a file that its group can read only if it is mounted by root: %s', (_, file, isAccepted) => {
    vi.spyOn(process, 'getuid').mockReturnValue(file.user)
    const fileSystem = {
      statSync: () => ({ mode: file.mode, uid: file.owner }),
      readFileSync: () => encodeTokens([token]),
    } as Partial<ReadOnlyFileSystem> as ReadOnlyFileSystem
    const readTokens = () => readTokensFile('/run/secrets/tokens.json', fileSystem)
    if (isAccepted) expect(readTokens()).toEqual([token])
    else expect(readTokens).toThrow('chmod 600')
    vi.restoreAllMocks()
  })

  // Covers IN-73
  it.each([
    ['', /not valid JSON/],
    ['null', /version 1/],
    ['[]', /version 1/],
    ['{"version":2,"tokens":[]}', /version 1/],
    ['{"version":1,"tokens":{}}', /version 1/],
    ['{"version":1,"tokens":[null]}', /token in the file is not valid/],
    [encodeTokens([{ ...token, sha256: 'secret' }]), /token in the file is not valid/],
    [encodeTokens([{ ...token, scopes: [] }]), /token in the file is not valid/],
    [encodeTokens([{ ...token, scopes: ['root' as 'read'] }]), /token in the file is not valid/],
    [encodeTokens([{ ...token, name: 'a b' }]), /token in the file is not valid/],
    [encodeTokens([{ ...token, sender: 5 as unknown as string }]), /token in the file is not valid/],
    [encodeTokens([{ ...token, sneder: 'alice' } as AccessToken]), /token in the file is not valid/],
    [
      encodeTokens([{ ...token, sha256: [token.sha256] as unknown as string }]),
      /token in the file is not valid/,
    ],
    [JSON.stringify({ version: 1, tokens: [], more: [] }), /version 1/],
    [encodeTokens([token, token]), /two tokens/],
  ])('rejects a file with other content: %s', (text, problem) => {
    expect(() => read(text)).toThrow(problem)
  })
})

describe('changeTokensFile()', () => {
  let folder = ''
  let path = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gitmsg-tokens-'))
    path = join(folder, 'secrets', 'tokens.json')
    changeTokensFile(path, () => [token])
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('creates an absent file and its folder, for their owner only', () => {
    expect(readTokensFile(path)).toEqual([token])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  })

  it('passes the tokens in the file to the change, and stores what it returns', () => {
    changeTokensFile(path, (tokens) => [...tokens, { ...token, name: 'phone' }])
    expect(readTokensFile(path)).toEqual([token, { ...token, name: 'phone' }])
  })

  it('leaves the file as it was when the change throws', () => {
    const fail = () => {
      throw new Error('changed my mind')
    }
    expect(() => changeTokensFile(path, fail)).toThrow('changed my mind')
    expect(readTokensFile(path)).toEqual([token])
    expect(readdirSync(dirname(path))).toEqual(['tokens.json'])
  })

  it('rejects a second change while another is in progress, and completes the first', () => {
    changeTokensFile(path, (tokens) => {
      expect(() => changeTokensFile(path, () => [])).toThrow(/tokens\.json\.new exists: another change/)
      return [...tokens, { ...token, name: 'phone' }]
    })
    expect(readTokensFile(path)).toHaveLength(2)
    expect(existsSync(`${path}.new`)).toBe(false)
  })

  it('does not replace a file that it cannot read', () => {
    writeFileSync(path, 'damaged')
    chmodSync(path, 0o600)
    expect(() => changeTokensFile(path, () => [])).toThrow(/not valid JSON/)
    expect(statSync(path).size).toBe('damaged'.length)
  })
})
