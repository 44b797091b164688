import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { SERVER_MAIN, serverEnvironment } from '../testing/run-server.js'
import { openWorkspace } from '../testing/workspace.js'

/** Runs a command as process 1 of its own process namespace, as in a container. */
const AS_PROCESS_1 = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child']
const canUnshare = spawnSync('unshare', [...AS_PROCESS_1, 'true']).status === 0

/** The first lines of a server's log, up to the one that it serves. */
async function readStart(command: string, args: readonly string[], settings = {}): Promise<string> {
  await using workspace = await openWorkspace()
  const child = spawn(command, args, { cwd: workspace.path, env: serverEnvironment(settings) })
  let output = ''
  for await (const chunk of child.stdout) {
    output += chunk
    if (output.includes('Serving on')) break
  }
  if (child.exitCode === null) {
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }
  expect(output).toContain('Serving on')
  return output
}

it.skipIf(!canUnshare)('the server warns that it runs without an init', async () => {
  const output = await readStart('unshare', [...AS_PROCESS_1, process.execPath, SERVER_MAIN])
  expect(output).toMatch(/"level":40,.*process 1 without an init.*docker run --init/)
})

it.skipIf(!canUnshare)('the server does not warn of a missing init that it does not need', async () => {
  expect(await readStart(process.execPath, [SERVER_MAIN])).not.toContain('init')
  const settings = { GITHUB_REPO: 'ada/messages', GITHUB_TOKEN: 't', GITHUB_API_URL: 'http://127.0.0.1:1' }
  const args = [...AS_PROCESS_1, process.execPath, SERVER_MAIN]
  expect(await readStart('unshare', args, settings)).not.toContain('without an init')
})
