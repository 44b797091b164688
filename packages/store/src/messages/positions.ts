import { sql } from 'kysely'
import { checkInteger, checkLimit, checkName, checkNumber } from '../arguments.js'
import type { Database, Writer } from '../database/database.js'
import type { Store } from '../store.js'
import { StoreError } from '../store-error.js'
import type { Position } from '../stored-message.js'
import { toMessage } from './message-row.js'

/** @see {@link Store.changedSince} */
export function createChangedSince(database: Database): Store['changedSince'] {
  const assertReached = createReachedCheck(database)

  return async (place, limit) => {
    checkLimit(limit)
    await assertReached(place)
    const rows = await database.read(({ selectChangedAfter }) =>
      selectChangedAfter(place.position).limit(limit).execute(),
    )
    return rows.map(toMessage)
  }
}

const MAX_COUNT = 10_000

/** @see {@link Store.countChangedSince} */
export function createCountChangedSince(database: Database): Store['countChangedSince'] {
  const assertReached = createReachedCheck(database)

  return async (place, most) => {
    checkInteger('most', most, { min: 1, max: MAX_COUNT })
    await assertReached(place)
    const { count } = await database.read(({ queries, selectChangedAfter }) =>
      queries
        .selectFrom(selectChangedAfter(place.position).limit(most).as('changed'))
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow(),
    )
    return count
  }
}

/** Fails unless the place belongs to this order of changes, which has reached it. */
function createReachedCheck(database: Database): (place: Position) => Promise<void> {
  return async ({ epoch, position }) => {
    checkName('epoch', epoch)
    checkNumber('position', position)
    const latest = await database.position()
    if (epoch !== latest.epoch) {
      throw new StoreError('epoch-changed', 'the position belongs to another order of changes')
    }
    if (position > latest.position) {
      throw new StoreError('position-ahead', 'this database has not reached the position')
    }
  }
}

/** Gives the messages with these uids the next positions, in the order of their ids: what readers see of them changed. */
export async function movePositions(
  { queries, name, texts, positions }: Writer,
  uids: readonly string[],
): Promise<void> {
  if (uids.length === 0) return
  const latest = await positions.latest()
  const moved = sql`
    select id, position as former, cast(${latest} as bigint) + row_number() over (order by id) as latter
    from ${name('messages')} where uid in ${texts([...new Set(uids)])}
  `
  const { numAffectedRows = 0n } = await sql`
    ${positions.moving(moved)}
    update ${name('messages')} set position = places.latter from (${moved}) as places where messages.id = places.id
  `.execute(queries)
  await positions.allocate(Number(numAffectedRows))
}
