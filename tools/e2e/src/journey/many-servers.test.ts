import { findPostgres, query } from '@gitmsg/test-postgres'
import { expect, it } from 'vitest'
import { createClient } from '../testing/client.js'
import { gitmsg } from '../testing/gitmsg.js'
import { until } from '../testing/run-server.js'
import { openCluster } from '../testing/servers/cluster.js'
import { openWorkspace } from '../testing/workspace.js'

const postgres = await findPostgres()
const SELECT_HOLDER = 'select holder from gitmsg.sync_lease'

it.skipIf(postgres === null)(
  'servers on one PostgreSQL hand over at once when the one that synchronizes ends',
  async () => {
    await using cluster = await openCluster(postgres)
    const { one, other, settings, url } = cluster
    const first = await one.start(settings)
    await until(async () => (await createClient(first.url).sync()).state === 'idle')
    const second = createClient((await other.start(settings)).url)
    const readHolder = async () => (await query<{ holder: string | null }>(url, SELECT_HOLDER))[0]?.holder
    const holder = await readHolder()
    expect(holder).toEqual(expect.any(String))
    expect(await first.stop()).toBe(0)
    expect(await readHolder()).not.toBe(holder)
    await second.post('hello')
    await until(async () => (await second.list('?synchronized=true')).length === 1)
  },
)

it('servers and commands end with 78 if the settings do not go with many servers, and without the password in any output', async () => {
  await using workspace = await openWorkspace()
  const GITMSG_DATABASE_URL = 'postgres://gitmsg:hunter2-long@127.0.0.1:1/nothing'
  const local = gitmsg(workspace.path, ['serve'], { GITMSG_DATABASE_URL })
  expect(local).toMatchObject({ status: 78, stderr: expect.stringContaining('needs GITMSG_REMOTE') })
  const GITMSG_REMOTE = workspace.makeRemote()
  const away = gitmsg(workspace.path, ['status'], { GITMSG_DATABASE_URL, GITMSG_REMOTE })
  expect(away).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(
      'the database cannot be reached (ECONNREFUSED): check GITMSG_DATABASE_URL',
    ),
  })
  expect(local.stderr + local.stdout + away.stderr + away.stdout).not.toContain('hunter2')
})
