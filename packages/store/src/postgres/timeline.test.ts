import { createDatabase, findPostgres, query } from '@gitmsg/test-postgres'
import { expect, it, onTestFinished } from 'vitest'
import { createAll } from '../testing/messages.js'
import { openPostgresStore } from './index.js'

const server = await findPostgres()

it.skipIf(server === null)(
  'renews the epoch, once, with the first write in another timeline of PostgreSQL',
  async () => {
    const { url, drop } = await createDatabase(server ?? '')
    onTestFinished(drop)
    await using store = await openPostgresStore({ url })
    const { epoch } = await store.position()
    await createAll(store, 'a')
    expect(await store.position()).toEqual({ epoch, position: 1 })
    const revision = await store.revision()

    // What a standby finds that was promoted before it had the last write.
    await query(url, "update gitmsg.counters set timeline = '0000abcd', revision = revision - 1")
    await createAll(store, 'b')
    const after = await store.position()
    expect(after.epoch).not.toBe(epoch)
    expect(await store.revision()).not.toBe(revision)
    await expect(store.changedSince({ epoch, position: 1 }, 10)).rejects.toMatchObject({
      code: 'epoch-changed',
    })
    await createAll(store, 'c')
    expect(await store.position()).toEqual({ epoch: after.epoch, position: 3 })
  },
)
