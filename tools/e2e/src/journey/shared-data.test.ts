import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { git, openWorkspace } from '../testing/workspace.js'

describe('two servers on one data folder', () => {
  it('both serve, one synchronizes and the other takes over when the first dies', async () => {
    await using workspace = await openWorkspace()
    const servers = [await workspace.start(), await workspace.start()]
    const [first, second] = servers.map(({ url }) => createClient(url))
    await Promise.all(
      Array.from({ length: 40 }, (_, number) => [first, second][number % 2]?.post(`message ${number}`)),
    )
    const allSynchronized = async (count: number) =>
      (await second?.list('?limit=1000&synchronized=true'))?.length === count

    await until(() => allSynchronized(40))
    await servers[0]?.stop('SIGKILL')
    await second?.post('to the survivor')
    await until(() => allSynchronized(41))

    const repository = join(workspace.path, 'data/repository.git')
    expect(git(repository, 'rev-list', '--count', 'main')).toBe('41')
    expect(git(repository, 'fsck', '--strict', '--no-dangling')).toBe('')
  })
})
