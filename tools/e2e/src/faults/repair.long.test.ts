import { readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { git, openWorkspace } from '../testing/workspace.js'

/** Ways to damage the repository in the data folder. */
const DAMAGES: [string, (repository: string) => void][] = [
  ['is gone', (repository) => rmSync(repository, { recursive: true })],
  ['has empty objects', emptyObjects],
  ['has lost its objects', (repository) => rmSync(join(repository, 'objects'), { recursive: true })],
  ['has a branch that is empty', (repository) => writeFileSync(join(repository, 'refs/heads/main'), '')],
  ['has no branch', (repository) => rmSync(join(repository, 'refs/heads/main'))],
  ['has a garbage HEAD', (repository) => writeFileSync(join(repository, 'HEAD'), 'garbage')],
  ['has a garbage configuration', (repository) => writeFileSync(join(repository, 'config'), '[[[')],
]

describe.each([
  { remote: 'without a remote', withRemote: false, damages: DAMAGES },
  { remote: 'with a remote', withRemote: true, damages: DAMAGES.slice(0, 2) },
])('a damaged repository in the data folder, $remote,', ({ withRemote, damages }) => {
  it.each(damages)('is repaired automatically, commit for commit, when it %s', async (_, damage) => {
    await using workspace = await openWorkspace()
    const settings = withRemote ? { GITMSG_REMOTE: workspace.makeRemote() } : undefined
    const repository = join(workspace.path, 'data/repository.git')
    const first = await workspace.start(settings)
    await createClient(first.url).post('before')
    await createClient(first.url).sync()
    const before = git(repository, 'rev-parse', 'main')
    await first.stop()

    damage(repository)
    const client = createClient((await workspace.start(settings)).url)
    await client.post('after')
    await until(async () => {
      await client.sync()
      return (await client.list('?synchronized=true')).length === 2
    }, 30_000)
    expect(git(repository, 'rev-parse', 'main~1')).toBe(before)
    expect(git(repository, 'fsck', '--strict', '--no-dangling')).toBe('')
  })
})

function emptyObjects(repository: string): void {
  const entries = readdirSync(join(repository, 'objects'), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  expect(files.length).toBeGreaterThan(0)
  for (const { parentPath, name } of files) truncateSync(join(parentPath, name))
}
