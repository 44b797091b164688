import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createClient } from './testing/client.js'
import { gitmsg } from './testing/gitmsg.js'
import { openWorkspace } from './testing/workspace.js'

describe('gitmsg', () => {
  it('reports every problem of a bad configuration at once, opens nothing, and ends with 78', async () => {
    await using workspace = await openWorkspace()
    const { status, stderr } = gitmsg(workspace.path, [], {
      PORT: '70000',
      HOST: '0.0.0.0',
      GITMSG_REMOTE: 'ext::sh -c evil',
      GITMSG_BRANCH: 'a..b',
      GITMSG_FETCH_INTERVAL: 'often',
      LOG_LEVEL: 'loud',
    })
    expect(status).toBe(78)
    const variables = ['PORT', 'HOST', 'GITMSG_REMOTE', 'GITMSG_BRANCH', 'GITMSG_FETCH_INTERVAL', 'LOG_LEVEL']
    for (const variable of variables) expect(stderr).toMatch(new RegExp(`^- ${variable}\\b`, 'm'))
    expect(readdirSync(workspace.path)).toEqual([])
  })

  it.each([
    'ext::sh -c "touch attacked"',
    'fd::3',
    '--upload-pack=touch attacked',
    '-oProxyCommand=touch attacked',
    'ssh://-oProxyCommand=touch attacked/x',
    'https://alice:hunter2@example.org/x.git',
    'https://example.org/x.git?token=hunter2',
  ])('takes no remote that is an option, a program or a secret: %s', async (remote) => {
    await using workspace = await openWorkspace()
    const { status, stdout, stderr } = gitmsg(workspace.path, [], { GITMSG_REMOTE: remote })
    expect([status, stdout]).toEqual([78, ''])
    expect(stderr).toMatch(/^- GITMSG_REMOTE: /m)
    expect(stderr).not.toMatch(/hunter2|attacked/)
    expect(readdirSync(workspace.path)).toEqual([])
  })

  it('synchronizes and says how things are, without a server', async () => {
    await using workspace = await openWorkspace()
    const remote = workspace.makeRemote()
    const server = await workspace.start()
    await createClient(server.url).post('hello')
    await server.stop()

    const sync = gitmsg(workspace.path, ['sync'], { GITMSG_REMOTE: remote })
    expect(sync.stdout).toMatch(/^pending +0$/m)
    expect(sync.status).toBe(0)
    const status = gitmsg(workspace.path, ['status'], { GITMSG_REMOTE: remote })
    expect(status.stdout).toMatch(/^head +[0-9a-f]{40}$/m)
    expect(status.status).toBe(0)
  })

  it('ends with 1 when it could not synchronize', async () => {
    await using workspace = await openWorkspace()
    const { status, stdout } = gitmsg(workspace.path, ['sync'], {
      GITMSG_REMOTE: join(workspace.path, 'absent.git'),
    })
    expect(stdout).toMatch(/^last error +not-found/m)
    expect(status).toBe(1)
  })

  it('makes no database only to look at it', async () => {
    await using workspace = await openWorkspace()
    const { status, stderr } = gitmsg(workspace.path, ['status'])
    expect(stderr).toMatch(/nothing was ever served/)
    expect(status).toBe(1)
    expect(existsSync(join(workspace.path, 'data'))).toBe(false)
  })

  it.each([
    ['--help'],
    ['serve', '--help'],
    ['status', '--help'],
    ['sync', '--help'],
    ['verify', '--help'],
    ['restore', '--help'],
    ['quarantine', '--help'],
    ['quarantine', 'list', '--help'],
    ['quarantine', 'retry', '--help'],
  ])('explains itself: %s', async (...args) => {
    await using workspace = await openWorkspace()
    const { status, stdout } = gitmsg(workspace.path, args)
    expect(stdout).toMatch(/^Usage: gitmsg/)
    expect(status).toBe(0)
  })
})
