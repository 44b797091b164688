import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { gitmsg } from '../testing/gitmsg.js'
import { openWorkspace } from '../testing/workspace.js'

describe('gitmsg', () => {
  // Covers IN-73
  it('reports every problem of an invalid configuration at once, opens nothing and exits with 78', async () => {
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

  // Covers IN-69
  it.each([
    'ext::sh -c "touch attacked"',
    '--upload-pack=touch attacked',
    'https://alice:hunter2@example.org/x.git',
  ])('rejects a remote that is an option, runs a program or holds a secret: %s', async (remote) => {
    await using workspace = await openWorkspace()
    const { status, stdout, stderr } = gitmsg(workspace.path, [], { GITMSG_REMOTE: remote })
    expect([status, stdout]).toEqual([78, ''])
    expect(stderr).toMatch(/^- GITMSG_REMOTE: /m)
    expect(stderr).not.toMatch(/hunter2|attacked/)
    expect(readdirSync(workspace.path)).toEqual([])
  })

  // Covers IN-73
  it('warns about unknown GITMSG_ variables by name and serves', async () => {
    await using workspace = await openWorkspace()
    const server = await workspace.start({ GITMSG_SERVICE_HOST: '10.0.0.1', GITMSG_BRACH: 'wrong' })
    const [first] = server.output().split('\n')
    const variables = ['GITMSG_BRACH', 'GITMSG_SERVICE_HOST']
    expect(JSON.parse(first ?? '')).toMatchObject({ level: 40, variables })
    expect(server.output()).not.toMatch(/wrong|10\.0\.0\.1/)
  })

  it('warns about variables of plain git that have no effect, by name, and only if there is a remote', async () => {
    await using workspace = await openWorkspace()
    const ignored = { GIT_SSH_COMMAND: 'ssh -i hunter2' }
    const warning = /"variables":\[[^\]]*"GIT_SSH_COMMAND"/
    const alone = await workspace.start(ignored)
    await alone.stop()
    expect(alone.output()).not.toMatch(warning)
    const server = await workspace.start({ ...ignored, GITMSG_REMOTE: workspace.makeRemote() })
    expect(server.output()).toMatch(warning)
    expect(server.output()).not.toContain('hunter2')
  })

  it('synchronizes and prints the status without a server', async () => {
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

  it('exits with 1 when a synchronization fails', async () => {
    await using workspace = await openWorkspace()
    const { status, stdout } = gitmsg(workspace.path, ['sync'], {
      GITMSG_REMOTE: join(workspace.path, 'absent.git'),
    })
    expect(stdout).toMatch(/^last error +not-found/m)
    expect(status).toBe(1)
  })

  it('status creates no database', async () => {
    await using workspace = await openWorkspace()
    const { status, stderr } = gitmsg(workspace.path, ['status'])
    expect(stderr).toMatch(/no database at/)
    expect(status).toBe(1)
    expect(existsSync(join(workspace.path, 'data'))).toBe(false)
  })

  // Covers IN-73
  it.each([
    [['stauts'], "unknown command 'stauts'\n(Did you mean status?)"],
    [['token', 'create'], "required option '--scope <list>' not specified\n"],
  ])('exits with 78, and starts with what is wrong with the command line: %j', async (args, what) => {
    await using workspace = await openWorkspace()
    const { status, stdout, stderr } = gitmsg(workspace.path, args)
    expect(stderr).toContain(`error: ${what}`)
    expect([status, stdout]).toEqual([78, ''])
    expect(readdirSync(workspace.path)).toEqual([])
  })

  it('lists its exit codes and prints its version', async () => {
    await using workspace = await openWorkspace()
    const { status, stdout } = gitmsg(workspace.path, ['--help'])
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^Usage: gitmsg/)])
    expect(stdout).toMatch(/^Exit codes:\n {2}0 .*\n {2}1 .*\n {2}78 /m)
    expect(gitmsg(workspace.path, ['--version'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    })
  })

  it('prints colours only to a terminal, or with FORCE_COLOR', async () => {
    await using workspace = await openWorkspace()
    const { stdout } = gitmsg(workspace.path, ['--help'])
    expect(stdout).not.toContain('\u001b')
    expect(gitmsg(workspace.path, ['--help'], { FORCE_COLOR: '1' }).stdout).toContain('\u001b[1mUsage:')
  })
})
