import { describe, expect, it } from 'vitest'
import { createFakeGithub } from '../testing/index.js'
import { parseApiUrl, parseRepository, webAddress } from './address.js'
import { createGithubBackend } from './github-backend.js'

describe('the options', () => {
  it.each(['name', 'https://github.com/owner/name', 'owner/name/more', '../name', 'owner/..', 'owner/na me'])(
    '%s is no repository',
    (text) => {
      expect(() => parseRepository(text)).toThrow(/owner\/name/)
    },
  )

  it.each([
    'http://example.org',
    'ftp://example.org',
    'https://u:p@example.org',
    'https://example.org?x',
    'https://ghp_secret\\@example.org',
    'https://example\t.org',
    'x',
  ])('%s is no address of an API', (text) => {
    expect(() => parseApiUrl(text)).toThrow(/address of GitHub/)
  })

  it.each([
    ['https://api.github.com', 'https://github.com/o/n'],
    ['https://git.example.org/api/v3/', 'https://git.example.org/o/n'],
    ['https://api.acme.ghe.com', 'https://acme.ghe.com/o/n'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/o/n'],
  ])('%s speaks for %s', (api, web) => {
    expect(webAddress(parseApiUrl(api), { owner: 'o', repo: 'n' })).toBe(web)
  })

  it('are checked at once, and nothing is asked before the first operation', async () => {
    const repository = 'owner/name'
    expect(() => createGithubBackend({ repository, branch: 'a..b' })).toThrow(/branch name/)
    expect(() => createGithubBackend({ repository, token: 'a\nb' })).toThrow(/token/)
    const github = await createFakeGithub()
    await createGithubBackend({ repository, baseUrl: github.url }).close()
    expect(github.requests).toHaveLength(0)
    await github.close()
  })
})
