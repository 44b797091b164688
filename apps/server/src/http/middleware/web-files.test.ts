import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestServer } from '../../testing/open-test-server.js'

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

describe('a file of the tester', () => {
  it.each(['/folder/index.html', '/folder/'])('is served: %s', async (path) => {
    const { status, text } = await server.call(path)
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
  ])('is no link, is behind none, and is not hidden: %s', async (path) => {
    expect((await server.call(path)).status).toBe(404)
  })

  // Covers IN-43
  it.each(['/pipe', '/folder', '/folder/index.html/'])('is a regular file: %s', async (path) => {
    expect((await server.call(path)).status).toBe(404)
  })
})
