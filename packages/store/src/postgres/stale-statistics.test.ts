import { createDatabase, findPostgres, query } from '@gitmsg/test-postgres'
import { expect, it, onTestFinished } from 'vitest'
import { createAll, publish } from '../testing/messages.js'
import { openPostgresStore } from './index.js'

const server = await findPostgres()

/** With a plan for an empty outbox, one settlement of them would take longer than a statement may. */
const BACKLOG = 10_000
const SETTLED_AT_ONCE = 700

it.skipIf(server === null)(
  'settles a backlog that grew since PostgreSQL last looked at the outbox',
  async () => {
    const { url, drop } = await createDatabase(server ?? '')
    onTestFinished(drop)
    await using store = await openPostgresStore({ url })
    const former = Array.from({ length: 400 }, (_, index) => `former${index}`)
    await createAll(store, ...former)
    await publish(store, ...former.map((uid) => `${uid} 1`))
    await query(url, 'analyze gitmsg.outbox')

    const backlog = Array.from({ length: BACKLOG }, (_, index) => `later${index}`)
    await createAll(store, ...backlog)
    await publish(store, ...backlog.slice(0, SETTLED_AT_ONCE).map((uid) => `${uid} 1`))
    const [left] = await query<{ total: string }>(url, 'select count(*) as total from gitmsg.outbox')
    expect(Number(left?.total)).toBe(BACKLOG - SETTLED_AT_ONCE)
  },
)
