import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { until } from '../testing/run-server.js'
import { git, openWorkspace } from '../testing/workspace.js'

/** A message of another server at its path. */
const uid = '0193a5c2-7b1e-7000-8000-000000000000'
const time = '2025-01-09T00:06:41.000Z'
const path = `messages/00/00/00/${uid}.json`
const message = `${JSON.stringify(
  { uid, id: 1, sender: 'bob', content: 'from afar', timestamp: time, created_at: time, updated_at: time },
  null,
  2,
)}\n`

// Covers IN-72
it('foreign files in a repository are never executed or followed and do not block synchronization', async () => {
  await using workspace = await openWorkspace()
  const remote = workspace.makeRemote()
  const attacked = join(workspace.path, 'attacked')
  git(workspace.path, 'clone', '--quiet', remote, 'foreign')
  const clone = join(workspace.path, 'foreign')
  mkdirSync(join(clone, 'messages/00/00/00'), { recursive: true })
  mkdirSync(join(clone, '.gitmsg'))
  writeFileSync(join(clone, '.gitmsg/format.json'), '{"format":"gitmsg","version":1}\n')
  writeFileSync(join(clone, path), message)
  writeFileSync(join(clone, '.gitattributes'), '* filter=evil diff=evil merge=evil\n')
  writeFileSync(join(clone, '.gitconfig'), `[filter "evil"]\n\tsmudge = touch ${attacked}\n`)
  writeFileSync(
    join(clone, '.gitmodules'),
    `[submodule "x"]\n\tpath = x\n\turl = ../x.git\n\tupdate = none\n`,
  )
  writeFileSync(join(clone, 'large.bin'), Buffer.alloc(32 * 1024 * 1024))
  writeFileSync(join(clone, 'messages/note.json'), 'not JSON')
  symlinkSync('/etc/passwd', join(clone, 'messages/00/00/00/link.json'))
  git(clone, 'add', '--all')
  const missingCommit = '1'.repeat(40)
  git(clone, 'update-index', '--add', '--cacheinfo', `160000,${missingCommit},messages/00/00/00/module.json`)
  git(clone, '-c', 'user.name=eve', '-c', 'user.email=eve@example.org', 'commit', '--quiet', '-m', 'foreign')
  git(clone, 'push', '--quiet', 'origin', 'main')

  const server = await workspace.start({ GITMSG_REMOTE: remote })
  const client = createClient(server.url)
  await client.post('posted here')
  await until(async () => (await client.sync()).pending === 0)
  expect((await client.list()).map(({ content }) => content).toSorted()).toEqual(['from afar', 'posted here'])
  expect(await client.sync()).toMatchObject({ state: 'idle', last_error: null })
  for (const name of ['note.json', 'link.json', 'module.json']) expect(server.output()).toContain(name)
  expect(server.output()).not.toContain('root:')
  expect(existsSync(attacked)).toBe(false)
  expect(git(remote, 'rev-list', '--count', 'main')).toBe('2')
})
