import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { git, openWorkspace } from '../testing/workspace.js'

it('damage to objects that nothing reads is repaired automatically, twice in a row', async () => {
  await using workspace = await openWorkspace()
  const repository = join(workspace.path, 'data/repository.git')
  const server = await workspace.start()
  const client = createClient(server.url)
  for (const content of ['one', 'two', 'three']) {
    await client.post(content)
    await client.sync()
  }
  const before = git(repository, 'rev-parse', 'main')

  rmSync(objectOf(repository, 'main~2^{tree}'))
  expect(() => git(repository, 'fsck')).toThrow()
  await until(() => isRepaired(repository, before), 30_000)
  writeFileSync(join(repository, 'refs/heads/main'), '')
  await client.sync()
  await until(() => isRepaired(repository, before), 30_000)

  expect(server.output()).toContain('local repository checked: damage found')
  expect(server.output().split('"msg":"local repository is damaged: archived, rebuilding"')).toHaveLength(3)
  const metrics = await (await client.call('/metrics')).text()
  expect(metrics).toMatch(/^gitmsg_repository_rebuilds_total 2$/m)
  expect(metrics).toMatch(/^gitmsg_audit_missing_total 6$/m)
})

function objectOf(repository: string, revision: string): string {
  const hash = git(repository, 'rev-parse', revision)
  return join(repository, 'objects', hash.slice(0, 2), hash.slice(2))
}

function isRepaired(repository: string, tip: string): boolean {
  try {
    return git(repository, 'rev-parse', 'main') === tip && git(repository, 'fsck', '--strict') === ''
  } catch {
    return false
  }
}
