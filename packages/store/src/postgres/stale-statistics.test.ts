import { createDatabase, findPostgres, query } from '@gitmsg/test-postgres'
import { expect, it, onTestFinished } from 'vitest'
import { createListMessages } from '../messages/list.js'
import { createOldestChanges } from '../outbox/oldest-changes.js'
import type { Change } from '../synchronization.js'
import { createAll, publish } from '../testing/messages.js'
import { openWatchedDatabase } from '../testing/on-postgres/watched-database.js'
import { openPostgresStore } from './index.js'
import { LIST_LIMITS } from './open-postgres-store.js'

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

/** SQL that stores messages with ids from `first` to `last`, all of the same time. */
const insertMessages = (first: number, last: number, timestamp: string) => `
  insert into gitmsg.messages (id, uid, content, sender, timestamp, is_synchronized, created_at, updated_at, path,
    origin_id, version, format, position, kind)
  select id, 'u' || id, 'content', 'ada', '${timestamp}', 0, '', '', '', id, 1, 'plain', id, 0
  from generate_series(${first}, ${last}) as id
`

it.skipIf(server === null)(
  'finds the messages of a short time by their times, although PostgreSQL expects all to be of that time',
  async () => {
    const { url, drop } = await createDatabase(server ?? '')
    onTestFinished(drop)
    await (await openPostgresStore({ url })).close()
    const [since, until] = ['2025-01-09T00:00:00.000Z', '2025-01-10T00:00:00.000Z']
    await query(url, insertMessages(1, 300, since))
    await query(url, 'analyze gitmsg.messages')
    await query(url, insertMessages(301, 20_000, until))
    await using watched = await openWatchedDatabase(url)
    const found = await createListMessages(watched.database, LIST_LIMITS)({ since, until, limit: 20 })
    expect(found.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => 300 - index))
    for (const scan of watched.takeScans()) expect(scan.rows, scan.what).toBeLessThanOrEqual(301)
  },
)
