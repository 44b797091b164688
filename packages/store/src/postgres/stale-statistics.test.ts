import { createDatabase, findPostgres, query } from '@gitmsg/test-postgres'
import { expect, it, onTestFinished } from 'vitest'
import { createOldestChanges } from '../outbox/oldest-changes.js'
import type { Change } from '../synchronization.js'
import { createAll, publish } from '../testing/messages.js'
import { openWatchedDatabase } from '../testing/on-postgres/watched-database.js'
import { openPostgresStore } from './index.js'

const server = await findPostgres()

/** With a plan for an empty outbox, one settlement of them would take longer than a statement may. */
const BACKLOG = 10_000
const SETTLED_AT_ONCE = 700

/** A store whose backlog grew since PostgreSQL last looked at the outbox. */
async function openWithBacklog() {
  const { url, drop } = await createDatabase(server ?? '')
  onTestFinished(drop)
  const store = await openPostgresStore({ url })
  const former = Array.from({ length: 400 }, (_, index) => `former${index}`)
  await createAll(store, ...former)
  await publish(store, ...former.map((uid) => `${uid} 1`))
  await query(url, 'analyze gitmsg.outbox')
  const backlog = Array.from({ length: BACKLOG }, (_, index) => `later${index}`)
  await createAll(store, ...backlog)
  return { url, store, backlog }
}

it.skipIf(server === null)(
  'settles a backlog that grew since PostgreSQL last looked at the outbox',
  async () => {
    const { url, store: opened, backlog } = await openWithBacklog()
    await using store = opened
    await publish(store, ...backlog.slice(0, SETTLED_AT_ONCE).map((uid) => `${uid} 1`))
    const [left] = await query<{ total: string }>(url, 'select count(*) as total from gitmsg.outbox')
    expect(Number(left?.total)).toBe(BACKLOG - SETTLED_AT_ONCE)
  },
)

it.skipIf(server === null).each(['as they were', 'none'])(
  'reads the oldest changes of such a backlog, and no others, with statistics: %s',
  async (statistics) => {
    const { url, store: opened } = await openWithBacklog()
    if (statistics === 'none')
      await query(
        url,
        "delete from pg_statistic where starelid = 'gitmsg.outbox'::regclass; update pg_class set reltuples = -1, relpages = 0 where oid = 'gitmsg.outbox'::regclass",
      )
    await using _ = opened
    await using watched = await openWatchedDatabase(url)
    const oldestChanges = createOldestChanges(watched.database)
    for (let rest = 3, last: Change | undefined; rest > 0; rest -= 1) {
      const changes = await oldestChanges(20, last)
      expect(changes).toHaveLength(20)
      for (const scan of watched.takeScans()) expect(scan.rows, scan.what).toBeLessThanOrEqual(100)
      last = changes.at(-1)
    }
  },
)
