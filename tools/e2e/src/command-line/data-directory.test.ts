import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { gitmsg } from '../testing/gitmsg.js'
import { SERVER_MAIN, serverEnvironment } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

const COMMANDS = [['serve'], ['status'], ['sync'], ['verify'], ['restore'], ['quarantine', 'list']]

// Covers IN-74
it.each(COMMANDS)(
  'gitmsg neither opens a database that is a symbolic link nor creates its target: %s',
  async (...command) => {
    await using workspace = await openWorkspace()
    const data = join(workspace.path, 'data')
    mkdirSync(data)
    symlinkSync(join(workspace.path, 'elsewhere.db'), join(data, 'gitmsg.db'))
    const { status, stdout, stderr } = gitmsg(workspace.path, command)
    expect([status, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^gitmsg: .*symbolic link\n$/)])
    expect([existsSync(join(workspace.path, 'elsewhere.db')), readdirSync(data)]).toEqual([
      false,
      ['gitmsg.db'],
    ])
  },
)

it('gitmsg accepts a data folder that is a symbolic link', async () => {
  await using workspace = await openWorkspace()
  mkdirSync(join(workspace.path, 'volume'))
  symlinkSync('volume', join(workspace.path, 'data'))
  const { url } = await workspace.start()
  expect(await createClient(url).post('hello')).toBe(1)
  expect(readdirSync(join(workspace.path, 'volume'))).toContain('gitmsg.db')
})

// Covers IN-74
it.each(COMMANDS)('gitmsg rejects a data folder inside a repository: %s', async (...command) => {
  await using workspace = await openWorkspace()
  const repository = workspace.makeRemote()
  const before = readdirSync(repository)
  const settings = { GITMSG_DATA_DIR: join(repository, 'data') }
  const { status, stdout, stderr } = gitmsg(workspace.path, command, settings)
  expect([status, stdout, stderr]).toEqual([78, '', expect.stringMatching(/^- GITMSG_DATA_DIR is in /m)])
  expect(readdirSync(repository)).toEqual(before)
})

it.each(COMMANDS)('gitmsg rejects its own repository as the remote: %s', async (...command) => {
  await using workspace = await openWorkspace()
  const settings = { GITMSG_REMOTE: join('data', 'repository.git') }
  const { status, stdout, stderr } = gitmsg(workspace.path, command, settings)
  expect([status, stdout, stderr]).toEqual([78, '', expect.stringMatching(/^- GITMSG_REMOTE: .*itself$/m)])
  expect(readdirSync(workspace.path)).toEqual([])
})

/** As a user without privileges; root may enter every folder. */
const USER = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
const runAsUser = (args: readonly string[], directory: string) =>
  spawnSync(process.execPath, [SERVER_MAIN, ...args], {
    ...USER,
    cwd: '/',
    env: serverEnvironment({ GITMSG_DATA_DIR: directory }),
    encoding: 'utf8',
    timeout: 20_000,
  })
const canRunAsUser = runAsUser(['--version'], '/').status === 0

it.skipIf(!canRunAsUser).each(COMMANDS)(
  'gitmsg names a data folder that it may not enter: %s',
  async (...command) => {
    await using workspace = await openWorkspace()
    chmodSync(workspace.path, 0o755)
    const locked = join(workspace.path, 'locked')
    mkdirSync(join(locked, 'data'), { recursive: true })
    chmodSync(locked, 0)
    const { status, stdout, stderr } = runAsUser(command, join(locked, 'data'))
    chmodSync(locked, 0o700)
    expect([status, stdout]).toEqual([78, ''])
    expect(stderr).toContain(`- GITMSG_DATA_DIR: ${locked} cannot be used (EACCES): check its owner`)
  },
)
