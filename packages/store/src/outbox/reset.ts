import { setImmediate as nextTurn } from 'node:timers/promises'
import { type RawBuilder, sql } from 'kysely'
import { checkUids } from '../arguments.js'
import { type Clock, toTime } from '../clock.js'
import type { Database, Writer } from '../database/database.js'
import { movePositions } from '../messages/positions.js'
import type { Store } from '../store.js'
import { RESETTING } from '../synchronization.js'
import { moveCursor } from './cursor.js'

/** How many versions become pending in one transaction: some milliseconds, between which posts have their turn. */
const VERSIONS_PER_TRANSACTION = 500
const ROWS_PER_READ = 5_000

/** A version that the repository was known to have. */
interface SynchronizedVersion {
  readonly message_id: number
  readonly version: number
  /** 0 if the version was erased by a deletion. */
  readonly synchronized_position: number
}

/** @see {@link Store.resetSynchronization} */
export function createResetSynchronization(database: Database, clock: Clock): Store['resetSynchronization'] {
  return async (options) => {
    await database.write((writer) => beginReset(writer, toTime(clock())), options)
    const versions = await findSynchronized(database)
    for (let start = 0; start < versions.length; start += VERSIONS_PER_TRANSACTION) {
      const part = versions.slice(start, start + VERSIONS_PER_TRANSACTION)
      await database.write((writer) => makePending(writer, part, toTime(clock())), options)
      await nextTurn()
    }
    await database.write(finishReset, options)
    return new Set(versions.map(({ message_id }) => message_id)).size
  }
}

/** @see {@link Store.markPending} */
export function createMarkPending(database: Database, clock: Clock): Store['markPending'] {
  return async (uids, options) => {
    checkUids(uids)
    return database.write(async (writer) => {
      const versions = await writer.queries
        .selectFrom('messages')
        .select(['id as message_id', 'uid', 'synchronized_version as version'])
        .where('uid', 'in', writer.texts(uids))
        .where('synchronized_version', 'is not', null)
        .$narrowType<{ version: number }>()
        .orderBy('id')
        .execute()
      if (versions.length === 0) return 0
      await openRank(writer)
      const count = await makePending(writer, versions, toTime(clock()))
      await movePositions(
        writer,
        versions.map(({ uid }) => uid),
      )
      return count
    }, options)
  }
}

/** Does nothing if a reset was interrupted, which is to be continued. */
async function beginReset(writer: Writer, now: string): Promise<void> {
  if (await isResetting(writer)) return
  await openRank(writer)
  await moveCursor(writer, { commit: RESETTING, format: null })
  // The history may have been rewritten to erase something.
  await writer.queries.updateTable('cursor').set({ history_lost_at: now, must_compact: 1 }).execute()
}

/** Renews the epoch only now: what was read in the meantime showed a part of the changes. */
async function finishReset(writer: Writer): Promise<void> {
  await moveCursor(writer, { commit: null, format: null })
  await writer.positions.renewEpoch()
}

/** Lowers the rank of the versions that become pending now: they come before all that are pending already. */
async function openRank(writer: Writer): Promise<void> {
  if (await isResetting(writer)) return
  await writer.queries.updateTable('cursor').set({ rank: sql`rank - 1` }).execute()
}

async function isResetting({ queries }: Writer): Promise<boolean> {
  const { commit } = await queries.selectFrom('cursor').select('commit').executeTakeFirstOrThrow()
  return commit === RESETTING
}

/** All synchronized versions in the order of their commits. */
async function findSynchronized(database: Database): Promise<SynchronizedVersion[]> {
  const found = [
    ...(await scan(
      database,
      (last) => sql`
      select id as key, id as message_id,
        case when synchronized_position is null then synchronized_version else version end as version,
        case when deleted_at is not null and synchronized_version is not null
          then coalesce(synchronized_position, 0) else synchronized_position end as synchronized_position
      from ${database.name('messages')} where id > ${last} order by id`,
    )),
    ...(await scan(
      database,
      (last) => sql`
      select number as key, message_id, version, synchronized_position
      from ${database.name('versions')} where number > ${last} order by number`,
    )),
  ]
  return found.sort((one, other) => one.synchronized_position - other.synchronized_position)
}

/** Reads a table in steps, and returns the rows of synchronized versions. `key` is what the rows are ordered by. */
async function scan(
  database: Database,
  select: (last: number) => RawBuilder<unknown>,
): Promise<SynchronizedVersion[]> {
  const found: SynchronizedVersion[] = []
  for (let last = 0; ; await nextTurn()) {
    const query = sql<SynchronizedVersion & { key: number }>`${select(last)} limit ${ROWS_PER_READ}`
    const { rows } = await database.read(({ queries }) => query.execute(queries))
    for (const { message_id, version, synchronized_position } of rows) {
      if (synchronized_position !== null) found.push({ message_id, version, synchronized_position })
    }
    if (rows.length < ROWS_PER_READ) return found
    last = rows.at(-1)?.key ?? last
  }
}

/**
 * Makes versions pending in the given order. Those that were erased by a deletion are only forgotten, and one that an
 * edit moved between two reads, so that it was found twice, becomes pending once.
 *
 * @returns how many became pending
 */
async function makePending(
  { queries, name, rows, outbox }: Writer,
  versions: readonly Pick<SynchronizedVersion, 'message_id' | 'version'>[],
  now: string,
): Promise<number> {
  const pairs = sql`${rows(
    { place: 'bigint', message_id: 'bigint', version: 'bigint' },
    versions.map(({ message_id, version }, place) => [place, message_id, version]),
  )} as lost`
  const changes = sql`(
    select lost.place, lost.message_id, lost.version, (select rank from ${name('cursor')}) as rank
    from ${pairs} join ${name('messages')} as messages on messages.id = lost.message_id
    left join ${name('versions')} as versions
      on versions.message_id = lost.message_id and versions.version = lost.version
    where messages.version = lost.version or versions.number is not null
  )`
  const count = await outbox.insert(changes, { count: versions.length, createdAt: now })
  await sql`
    update ${name('messages')} set synchronized_version = null from ${pairs} where messages.id = lost.message_id
  `.execute(queries)
  await sql`
    update ${name('messages')} set git_hash = null, is_synchronized = 0, synchronized_position = null
    from ${pairs} where messages.id = lost.message_id and messages.version = lost.version
  `.execute(queries)
  await sql`
    update ${name('versions')} set git_hash = null, synchronized_position = null
    from ${pairs} where versions.message_id = lost.message_id and versions.version = lost.version
  `.execute(queries)
  return count
}
