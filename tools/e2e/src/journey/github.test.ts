import { execFile } from 'node:child_process'
import { mkdtemp, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { SERVER_MAIN, serverEnvironment, until } from '../testing/run-server.js'
import { openGithub } from '../testing/servers/github.js'
import { git, openWorkspace } from '../testing/workspace.js'

const execute = promisify(execFile)

describe('a server that backs up to GitHub', () => {
  it('commits messages to an empty repository, of which a clone has them at their paths', async () => {
    await using workspace = await openWorkspace()
    await using fake = await openGithub()
    const client = createClient((await workspace.start(fake.settings)).url)
    for (const number of [1, 2, 3]) await client.post(`message ${number}\n`, 'Zoë')
    expect(await until(async () => (await client.sync()).pending === 0)).toBe(true)

    git(workspace.path, 'clone', '--quiet', fake.github.directory, 'clone')
    const clone = join(workspace.path, 'clone')
    const messages = await client.list()
    const paths = messages.map(({ uid }) => `messages/00/00/00/${uid}.json`)
    expect(git(clone, 'ls-files', 'messages').split('\n')).toEqual(paths.sort())
    expect(git(clone, 'show', 'HEAD:.gitmsg/format.json')).toBe('{"format":"gitmsg","version":1}')
    for (const { git_hash, uid } of messages) {
      expect(git(clone, 'show', '--name-only', '--format=', git_hash ?? '')).toContain(`${uid}.json`)
    }
    expect(git(fake.github.directory, 'fsck', '--strict', '--no-dangling')).toBe('')
  })

  it('can be verified against the repository and restored from it exactly', async () => {
    await using workspace = await openWorkspace()
    await using fake = await openGithub()
    const server = await workspace.start(fake.settings)
    const client = createClient(server.url)
    for (const number of [1, 2, 3, 4]) await client.post(`message ${number}`)
    await until(async () => (await client.sync()).pending === 0)
    const before = await client.list()
    await server.stop()
    // Asynchronously, because the fake GitHub runs in this process.
    const env = serverEnvironment(fake.settings)
    const run = (command: string) =>
      execute(process.execPath, [SERVER_MAIN, command], { cwd: workspace.path, env })
    await run('verify')

    await workspace.loseData()
    await run('restore')
    const restored = createClient((await workspace.start(fake.settings)).url)
    expect(await restored.list()).toEqual(before)
  })

  it('works without git', async () => {
    await using workspace = await openWorkspace()
    await using fake = await openGithub()
    const PATH = await mkdtemp(join(workspace.path, 'bin-'))
    await symlink(process.execPath, join(PATH, 'node'))
    const server = await workspace.start({ ...fake.settings, PATH })
    const client = createClient(server.url)
    await client.post('hello')
    expect(await client.sync()).toMatchObject({ pending: 0, state: 'idle', last_error: null })
    expect(server.output()).not.toContain(fake.settings.GITHUB_TOKEN)
  })

  // Covers IN-71, V16.5.2
  it('loses and duplicates nothing, whatever GitHub responds with', async () => {
    const bodies = {
      page: '<!doctype html><title>Welcome</title>',
      list: [],
      'object without what was asked for': { message: 'hello' },
      'values of other types': { sha: 5, default_branch: 5, object: { sha: {} }, tree: 'x', commit: null },
      nothing: null,
    }
    await using workspace = await openWorkspace()
    await using fake = await openGithub()
    const client = createClient((await workspace.start(fake.settings)).url)
    await client.post('before')
    await until(async () => (await client.sync()).pending === 0)

    for (const [kind, body] of Object.entries(bodies)) {
      let intercepted = 0
      fake.github.settings.intercept = ({ method }) => {
        intercepted += 1
        return { status: method === 'POST' ? 201 : 200, body }
      }
      await client.post(`during: ${kind}`)
      const { pending, last_error } = await client.sync()
      const code = expect.stringMatching(/^(unavailable|unknown-outcome)$/)
      expect([kind, pending, last_error?.code]).toEqual([kind, 1, code])
      expect(intercepted, kind).toBeGreaterThan(0)

      fake.github.settings.intercept = () => undefined
      await until(async () => (await client.sync()).pending === 0)
    }
    expect((await client.list()).every(({ is_synchronized }) => is_synchronized)).toBe(true)
    const files = git(fake.github.directory, 'ls-tree', '-r', '--name-only', 'main', 'messages')
    expect(files.split('\n')).toHaveLength(1 + Object.keys(bodies).length)
  })

  // Covers IN-71
  it('reports an invalid token and continues to serve', async () => {
    await using workspace = await openWorkspace()
    await using fake = await openGithub()
    fake.github.settings.intercept = () => ({
      status: 401,
      body: { message: 'Bad credentials: token ghp_wrong' },
    })
    const server = await workspace.start({ ...fake.settings, GITHUB_TOKEN: 'ghp_wrong' })
    const client = createClient(server.url)
    await client.post('hello')
    expect(await client.sync()).toMatchObject({
      pending: 1,
      state: 'blocked',
      last_error: { code: 'unauthorized', message: expect.stringContaining('token [redacted]') },
    })
    expect(server.output()).not.toContain('ghp_wrong')
  })
})
