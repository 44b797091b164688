import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer } from '../../testing/servers/open-test-server.js'

let server: Awaited<ReturnType<typeof openTestServer>>
beforeAll(async () => {
  server = await openTestServer()
  const at = (path: string) => join(server.webRoot, path)
  await mkdir(at('loop'))
  await mkdir(at('folder'))
  await symlink('/etc/hostname', at('loop/index.html'))
  await symlink('/etc/hostname', at('link.txt'))
  await symlink(at('folder'), at('away'))
  await writeFile(at('folder/index.html'), 'index')
  await writeFile(at('folder/.hidden'), 'hidden')
  execFileSync('mkfifo', [at('pipe')])
})
afterAll(() => server[Symbol.asyncDispose]())

describe('the web files', () => {
  it.each(['/folder/index.html', '/folder/'])('include regular files: %s', async (path) => {
    const { status, text } = await server.request(path)
    expect([status, text]).toEqual([200, 'index'])
  })

  // Covers IN-43
  it.each([
    '/link.txt',
    '/loop',
    '/loop/',
    '/loop/index.html',
    '/away',
    '/away/index.html',
    '/folder/.hidden',
  ])('include no links, nothing behind a link, and no hidden files: %s', async (path) => {
    expect((await server.request(path)).status).toBe(404)
  })

  // Covers IN-43
  it.each(['/pipe', '/folder', '/folder/index.html/'])('include only regular files: %s', async (path) => {
    expect((await server.request(path)).status).toBe(404)
  })

  // Covers V13.2.5, V13.4.1, V13.4.3, V15.2.3
  it('include cacheable assets, and no link, hidden file or folder among them', async () => {
    await using server = await openTestServer()
    const { webRoot } = server
    mkdirSync(join(webRoot, 'assets'))
    mkdirSync(join(webRoot, '.well-known'))
    writeFileSync(join(webRoot, 'assets/a.js'), '1')
    writeFileSync(join(webRoot, 'assets/.b.js'), '1')
    writeFileSync(join(webRoot, '.well-known/c'), '1')
    symlinkSync('/etc/passwd', join(webRoot, 'assets/link'))
    symlinkSync('/etc', join(webRoot, 'etc'))
    const asset = await server.request('/assets/a.js')
    expect([asset.status, asset.text]).toEqual([200, '1'])
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(asset.headers['permissions-policy']).toContain('camera=()')
    const hidden = [
      '/assets/.b.js',
      '/.well-known/c',
      '/assets/link',
      '/etc/passwd',
      '/assets',
      '/assets/',
      '/etc/',
    ]
    for (const path of hidden) expect((await server.request(path)).status).toBe(404)
  })
})

// Covers V4.1.1
it('every text is served with its charset', async () => {
  await using server = await openTestServer()
  const { webRoot } = server
  for (const name of ['a.js', 'a.css', 'a.svg']) writeFileSync(join(webRoot, name), '')
  const endpoints = ['/messages', '/sync', '/sync/quarantined', '/healthz', '/readyz', '/metrics', '/absent']
  for (const path of ['/', '/a.js', '/a.css', '/a.svg', ...endpoints]) {
    const { headers } = await server.request(path)
    expect([path, headers['content-type']]).toEqual([path, expect.stringMatching(/; charset=utf-8$/)])
  }
})
