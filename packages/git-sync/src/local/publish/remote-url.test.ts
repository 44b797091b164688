import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseRemote } from './remote-url.js'

const MISCONFIGURED = expect.objectContaining({ code: 'misconfigured' })

describe('parseRemote', () => {
  it.each([
    ['https://example.invalid/a/b.git', 'https'],
    ['http://example.invalid/a.git', 'http'],
    ['ssh://git@example.invalid:2222/a.git', 'ssh'],
    ['git@example.invalid:a/b.git', 'ssh'],
    ['example.invalid:a/b.git', 'ssh'],
    ['git://example.invalid/a.git', 'git'],
    ['file:///srv/a.git', 'file'],
    ['file:///srv/a%20folder/a.git', 'file'],
    ['/srv/a folder/a.git', 'file'],
    ['/srv/a:b@c.git', 'file'],
    ['/srv/token management/messages.git', 'file'],
    ['https://EXAMPLE.invalid:8443/a%20b/..c.git', 'https'],
    ['https://[2001:db8::1]/größe.git', 'https'],
    ['ssh://first.last+tag@git_host/~/a.git', 'ssh'],
    ['first.last@git_host:~me/a:b.git', 'ssh'],
  ])('keeps the address as it is: %s', (address, scheme) => {
    expect(parseRemote(address)).toEqual({ url: address, scheme })
  })

  it.each(['../a.git', 'a.git', './a:b@c.git', 'C:\\data\\a.git', 'C:/data/a@b.git'])(
    'makes a path absolute: %s',
    (path) => {
      expect(parseRemote(path)).toEqual({ url: resolve(path), scheme: 'file' })
    },
  )

  // Covers IN-69, V1.2.5
  it.each([
    '',
    'ext::sh -c id',
    'fd::3',
    'http::https://example.invalid',
    '-oProxyCommand=id',
    '--upload-pack=id',
    'a\nb',
    'ftp://example.invalid/a',
    'https://',
    'ssh://-oProxyCommand=id/a',
    'https://example.invalid/a?token=hunter2',
    'https://hunter2@example.invalid/a',
    'https://user:hunter2@example.invalid/a',
    'ssh://git:hunter2@example.invalid/a',
    // URL parsers, git and curl read these differently.
    'http://127.0.0.1\\@example.invalid/a',
    'https://hunter2\\@example.invalid/a',
    'https://example.invalid\\a',
    'https://example.invalid/a\\b',
    ' https://example.invalid/a',
    'https://example.invalid /a',
    'https://example.invalid/a b',
    'https://example.invalid/a\u2028b',
    'https://example.invalid#@127.0.0.1/a',
    'https://example.invalid?@127.0.0.1/a',
    'https:///example.invalid/a',
    'https:///hunter2@example.invalid/a',
    'HTTPS://example.invalid/a',
    'https://example%2einvalid/a',
    'https://ex\u00adample.invalid/a',
    'https://bücher.invalid/a',
    'http://127。0。0。1/a',
    'http://127.1/a',
    'http://0x7f.0.0.1/a',
    'http://127.0.0.08/a',
    'http://[::ffff:127.0.0.1]/a',
    'https://[fe80::1%25eth0]/a',
    'https://[fe80::1%eth0]/a',
    'https://example.invalid:/a',
    'https://example.invalid:99999/a',
    'https://example.invalid/a/../b',
    'https://example.invalid/a/%2E%2e',
    'https://@example.invalid/a',
    'https://a@b@example.invalid/a',
    'file://example.invalid/a',
    'file://localhost/a',
    'file:///srv/a b',
    'ssh://%2DoProxyCommand=touch%20x/y',
    'ssh://%2Dx@example.invalid/y',
    'ssh://-x@example.invalid/y',
    'ssh://git%40example.invalid/y',
    'ssh://git@example%2einvalid/y',
    'ssh://git@-example.invalid/y',
    // Not URLs, but they contain a credential, or git takes them for a host.
    'https:/user:hunter2@example.invalid/a',
    'https:user:hunter2@example.invalid/a',
    'HTTPS:/example.invalid/a',
    'ssh:/example.invalid/a',
    'alice:hunter2@example.invalid:repo.git',
    'alice:hunter2@example.invalid/a',
    'hunter2@example.invalid/a',
    'hunter2:@example.invalid/a',
    'git@alice:hunter2@example.invalid/a',
    'ghp_hunter2hunter2hunter2@github.com:owner/name',
    'ssh://ghp_hunter2hunter2hunter2@github.com/owner/name',
    'https://example.invalid/github_pat_hunter2hunter2hunter2/a',
    'user@-oProxyCommand=id:a',
    '%2DoProxyCommand=id:a',
    '[::1]:a.git',
    'a-b::c',
  ])('throws misconfigured without repeating the address: %j', (address) => {
    expect(() => parseRemote(address)).toThrow(MISCONFIGURED)
    expect(() => parseRemote(address)).not.toThrow(/hunter2/)
  })

  it.each([
    'https://example.invalid/a',
    'http://localhost:3000/a',
    'http://127.0.0.1/a',
    'http://[::1]:80/a',
  ])('accepts a token: %s', (address) => expect(() => parseRemote(address, 'hunter2')).not.toThrow())

  it.each([
    'http://example.invalid/a',
    'http://127.0.0.1.example.invalid/a',
    'git@example.invalid:a',
    '/srv/a.git',
  ])('throws misconfigured for an address with a token: %s', (address) =>
    expect(() => parseRemote(address, 'hunter2')).toThrow(MISCONFIGURED),
  )
})
