import * as files from 'node:fs'
import { createLogger, openEngine, parseConfig, syncNow } from '@gitmsg/server'
import { expect, it } from 'vitest'
import { git, openWorkspace } from '../testing/workspace.js'

it('commands can be called as functions', async () => {
  await using workspace = await openWorkspace()
  const remote = workspace.makeRemote()
  const environment = {
    PATH: process.env.PATH,
    GITMSG_DATA_DIR: `${workspace.path}/data`,
    GITMSG_REMOTE: remote,
  }
  const config = parseConfig(environment, files)
  const { engine, close } = await openEngine(config, environment, { logger: createLogger('silent') })
  try {
    await engine.post({ content: 'hello', sender: 'alice' })
    expect(await syncNow(engine)).toMatchObject({ pending: 0, last_error: null })
    expect(git(remote, 'log', '--format=%s', 'main').split('\n')[0]).toBe('Message 1 from alice')
  } finally {
    await close()
  }
})
