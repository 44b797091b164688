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
    ['/srv/a folder/a.git', 'file'],
  ])('takes %s as it is', (address, scheme) => {
    expect(parseRemote(address)).toEqual({ url: address, scheme })
  })

  it('makes a relative path absolute', () => {
    expect(parseRemote('../a.git')).toEqual({ url: resolve('../a.git'), scheme: 'file' })
  })

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
  ])('refuses %j without repeating it', (address) => {
    expect(() => parseRemote(address)).toThrow(MISCONFIGURED)
    expect(() => parseRemote(address)).not.toThrow(/hunter2/)
  })

  it.each([
    'https://example.invalid/a',
    'http://localhost:3000/a',
    'http://127.0.0.1/a',
    'http://[::1]:80/a',
  ])('lets %s have a token', (address) => expect(() => parseRemote(address, 'hunter2')).not.toThrow())

  it.each([
    'http://example.invalid/a',
    'http://127.0.0.1.example.invalid/a',
    'git@example.invalid:a',
    '/srv/a.git',
  ])('keeps a token from %s', (address) =>
    expect(() => parseRemote(address, 'hunter2')).toThrow(MISCONFIGURED),
  )
})
