import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql, type Transaction } from 'kysely'
import { checkUids } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import { movePositions } from '../messages/positions.js'
import type { Database } from '../sqlite/database.js'
import { jsonValues } from '../sqlite/query-helpers.js'
import { NEW_RANK, type Schema } from '../sqlite/schema.js'
import type { Store } from '../store.js'
import { RESETTING } from '../synchronization.js'
import { moveCursor } from './cursor.js'

/** How many versions become pending in one transaction: some milliseconds, between which posts have their turn. */
const VERSIONS_PER_TRANSACTION = 500
const MESSAGES_PER_READ = 5_000

/** A version that the repository was known to have. */
interface SynchronizedVersion {
  readonly message_id: number
  readonly version: number
  readonly synchronized_position: number
}

/** @see {@link Store.resetSynchronization} */
export function createResetSynchronization(database: Database, clock: Clock): Store['resetSynchronization'] {
  return async () => {
    await database.write((transaction) => beginReset(transaction, toTime(clock())))
    const versions = await findSynchronized(database)
    for (let start = 0; start < versions.length; start += VERSIONS_PER_TRANSACTION) {
      const part = versions.slice(start, start + VERSIONS_PER_TRANSACTION)
      await database.write((transaction) => makePending(transaction, part, toTime(clock())))
      await nextTurn()
    }
    await database.write((transaction) => moveCursor(transaction, { commit: null, format: null }))
    return new Set(versions.map(({ message_id }) => message_id)).size
  }
}

/** @see {@link Store.markPending} */
export function createMarkPending(database: Database, clock: Clock): Store['markPending'] {
  return async (uids) => {
    checkUids(uids)
    return database.write(async (transaction) => {
      const versions = await transaction
        .selectFrom('messages')
        .select(['id as message_id', 'synchronized_version as version'])
        .where('uid', 'in', jsonValues(uids))
        .where('synchronized_version', 'is not', null)
        .$narrowType<{ version: number }>()
        .orderBy('id')
        .execute()
      if (versions.length === 0) return 0
      await openRank(transaction)
      await makePending(transaction, versions, toTime(clock()))
      await movePositions(transaction, uids)
      return versions.length
    })
  }
}

/** Does nothing if a reset was interrupted, which is to be continued. */
async function beginReset(transaction: Transaction<Schema>, now: string): Promise<void> {
  const { commit } = await transaction.selectFrom('cursor').select('commit').executeTakeFirstOrThrow()
  if (commit === RESETTING) return
  await openRank(transaction)
  await moveCursor(transaction, { commit: RESETTING, format: null })
  await transaction.updateTable('cursor').set({ history_lost_at: now }).execute()
  await transaction.updateTable('feed').set({ epoch: sql`lower(hex(randomblob(8)))` }).execute()
}

/** Makes room for versions that are published before all that were published before and are pending already. */
async function openRank(transaction: Transaction<Schema>): Promise<void> {
  await transaction
    .updateTable('outbox')
    .set({ rank: sql`rank + 1` })
    .where('rank', '<', NEW_RANK - 1)
    .execute()
}

/** All synchronized versions in the order of their commits. */
async function findSynchronized(database: Database): Promise<SynchronizedVersion[]> {
  const found: SynchronizedVersion[] = []
  for (const [table, key, id] of [
    ['messages', 'id', 'id'],
    ['versions', 'number', 'message_id'],
  ] as const) {
    for (let last = 0; ; await nextTurn()) {
      const { rows } = await database.read((queries) =>
        sql<SynchronizedVersion & { key: number }>`
          select ${sql.ref(key)} as key, ${sql.ref(id)} as message_id, version, synchronized_position
          from ${sql.table(table)} where ${sql.ref(key)} > ${last}
          order by ${sql.ref(key)} limit ${MESSAGES_PER_READ}
        `.execute(queries),
      )
      for (const { message_id, version, synchronized_position } of rows) {
        if (synchronized_position !== null) found.push({ message_id, version, synchronized_position })
      }
      if (rows.length < MESSAGES_PER_READ) break
      last = rows.at(-1)?.key ?? last
    }
  }
  return found.sort((one, other) => one.synchronized_position - other.synchronized_position)
}

/** Makes versions pending in the given order. Those that were erased meanwhile, by a deletion, are only forgotten. */
async function makePending(
  transaction: Transaction<Schema>,
  versions: readonly Pick<SynchronizedVersion, 'message_id' | 'version'>[],
  now: string,
): Promise<void> {
  const pairs = sql`(
    select key as place, value ->> 0 as message_id, value ->> 1 as version
    from json_each(${JSON.stringify(versions.map(({ message_id, version }) => [message_id, version]))})
  ) as lost`
  await sql`
    insert into outbox (message_id, version, rank, created_at)
    select lost.message_id, lost.version, 0, ${now}
    from ${pairs} join messages on messages.id = lost.message_id
    left join versions on versions.message_id = lost.message_id and versions.version = lost.version
    where messages.version = lost.version or versions.number is not null
    order by lost.place
  `.execute(transaction)
  await sql`
    update messages set synchronized_version = null from ${pairs} where messages.id = lost.message_id
  `.execute(transaction)
  await sql`
    update messages set git_hash = null, is_synchronized = 0, synchronized_position = null
    from ${pairs} where messages.id = lost.message_id and messages.version = lost.version
  `.execute(transaction)
  await sql`
    update versions set git_hash = null, synchronized_position = null
    from ${pairs} where versions.message_id = lost.message_id and versions.version = lost.version
  `.execute(transaction)
}
