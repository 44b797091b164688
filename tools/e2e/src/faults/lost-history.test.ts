import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { git, openWorkspace } from '../testing/workspace.js'

/** Makes a remote wait with every push; returns a function that lets the pushes through. */
function holdPushes(remote: string, folder: string): () => void {
  const held = join(folder, 'held')
  writeFileSync(held, '')
  mkdirSync(join(remote, 'hooks'), { recursive: true })
  const hook = join(remote, 'hooks/pre-receive')
  writeFileSync(hook, `#!/bin/sh\nwhile [ -e '${held}' ]; do sleep 0.05; done\n`)
  chmodSync(hook, 0o755)
  return () => rmSync(held)
}

it('a server reports that its remote lost history, even after a kill, and pushes all of it again', async () => {
  await using workspace = await openWorkspace()
  const remote = workspace.makeRemote()
  const settings = { GITMSG_REMOTE: remote }
  const first = await workspace.start(settings)
  const client = createClient(first.url)
  for (const content of ['one', 'two', 'three', 'four']) {
    await client.post(content)
    await client.sync()
  }
  const before = git(remote, 'rev-parse', 'main')

  git(remote, 'update-ref', 'refs/heads/main', 'main~3')
  const releasePushes = holdPushes(remote, workspace.path)
  void client.sync().catch(() => {})
  const status = async (url: string) =>
    (await createClient(url).call('/sync')).json() as ReturnType<typeof client.sync>
  await until(async () => {
    const { last_error, pending } = await status(first.url)
    return last_error?.code === 'history-lost' && pending === 3
  })
  expect(first.output()).toContain('history lost')
  await first.stop('SIGKILL')

  const second = await workspace.start(settings)
  expect(await status(second.url)).toMatchObject({ pending: 3, last_error: { code: 'history-lost' } })
  releasePushes()
  await until(async () => (await status(second.url)).pending === 0, 30_000)
  expect(await status(second.url)).toMatchObject({ last_error: null })
  expect(git(remote, 'rev-parse', 'main')).toBe(before)
})
