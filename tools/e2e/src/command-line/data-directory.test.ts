import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { gitmsg } from '../testing/gitmsg.js'
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
