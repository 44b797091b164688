import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { SERVER_MAIN, serverEnvironment } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

it.each([24, 40, 64, 256])('a limit of %i open files is an error that tells what to do', async (limit) => {
  await using workspace = await openWorkspace()
  const command = `ulimit -n ${limit}; exec "${process.execPath}" "${SERVER_MAIN}"`
  const options = {
    cwd: workspace.path,
    env: serverEnvironment(),
    encoding: 'utf8',
    timeout: 20_000,
  } as const
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], options)
  expect(status).toBe(78)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^gitmsg: the limit of open files is too low: \d+ more .*ulimit -n.*\n$/)
})

it('a limit of 400 open files is enough', async () => {
  await using workspace = await openWorkspace()
  const command = `ulimit -n 400; exec "${process.execPath}" "${SERVER_MAIN}" sync --json`
  const options = {
    cwd: workspace.path,
    env: serverEnvironment(),
    encoding: 'utf8',
    timeout: 20_000,
  } as const
  const { status, stderr } = spawnSync('sh', ['-c', command], options)
  expect([status, stderr]).toEqual([0, ''])
})
