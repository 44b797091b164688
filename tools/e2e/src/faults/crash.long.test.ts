import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { contentsOfDatabase } from '../testing/servers/database.js'
import { git, openWorkspace } from '../testing/workspace.js'

it('a server that is killed at any moment loses no acknowledged message and stores none twice', async () => {
  await using workspace = await openWorkspace()
  const remote = workspace.makeRemote()
  const acknowledged = new Set<string>()
  const unknown = new Set<string>()
  let kills = 0

  for (const delay of [60, 120, 180, 240, 300, 90, 150]) {
    const server = await workspace.start({ GITMSG_REMOTE: remote })
    const client = createClient(server.url)
    const posting = [0, 1, 2, 3].map(async (sender) => {
      for (let number = 0; server.process.signalCode === null; number += 1) {
        const content = `life ${kills}, client ${sender}, message ${number}`
        unknown.add(content)
        try {
          await client.post(content)
          acknowledged.add(content)
        } catch {
          return // the server died: the message may or may not be stored
        }
      }
    })
    // Every other kill comes at any moment since the start, the others after a response, however slow the machine is.
    const before = acknowledged.size
    if (kills % 2 === 0) await until(() => acknowledged.size > before)
    await new Promise((resolve) => setTimeout(resolve, delay))
    await server.stop('SIGKILL')
    kills += 1
    await Promise.all(posting)
  }
  expect(kills).toBe(7)
  expect(acknowledged.size).toBeGreaterThan(0)

  const server = await workspace.start({ GITMSG_REMOTE: remote })
  const client = createClient(server.url)
  await until(async () => (await client.sync()).pending === 0, 40_000)
  expect(await server.stop()).toBe(0)

  const inDatabase = contentsOfDatabase(join(workspace.path, 'data/gitmsg.db'))
  git(workspace.path, 'clone', '--quiet', remote, 'clone')
  const inRemote = contentsOfClone(join(workspace.path, 'clone'))
  for (const contents of [inDatabase, inRemote]) {
    expect(new Set(contents).size).toBe(contents.length)
    expect([...acknowledged].filter((content) => !contents.includes(content))).toEqual([])
    expect(contents.filter((content) => !unknown.has(content))).toEqual([])
  }
  expect(inRemote.toSorted()).toEqual(inDatabase.toSorted())
  expect(git(remote, 'fsck', '--strict', '--no-dangling')).toBe('')
})

function contentsOfClone(path: string): string[] {
  const files = git(path, 'ls-files', 'messages').split('\n')
  return files.map((file) => JSON.parse(readFileSync(join(path, file), 'utf8')).content)
}
