import { sql, type Transaction } from 'kysely'
import { checkInteger, checkLimit, checkName, checkNumber } from '../arguments.js'
import type { Database } from '../sqlite/database.js'
import { jsonValues } from '../sqlite/query-helpers.js'
import type { Schema } from '../sqlite/schema.js'
import type { Position, Store } from '../store.js'
import { StoreError } from '../store-error.js'
import { MESSAGE_COLUMNS, toMessage } from './message-row.js'

/** @see {@link Store.position} */
export function createPositionReader(database: Database): Store['position'] {
  const query = database.queries.selectFrom('feed').select(['epoch', 'position']).compile()
  return async () => (await database.read((queries) => queries.executeQuery(query))).rows[0] as Position
}

/** @see {@link Store.changedSince} */
export function createChangedSince(database: Database): Store['changedSince'] {
  const assertReached = createReachedCheck(database)

  return async (place, limit) => {
    checkLimit(limit)
    await assertReached(place)
    const rows = await database.read((queries) =>
      queries
        .selectFrom('messages')
        .select(MESSAGE_COLUMNS)
        .where('position', '>', place.position)
        .orderBy('position')
        .limit(limit)
        .execute(),
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
    const { count } = await database.read((queries) =>
      queries
        .selectFrom((changed) =>
          changed
            .selectFrom('messages')
            .select('position')
            .where('position', '>', place.position)
            .limit(most)
            .as('changed'),
        )
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow(),
    )
    return count
  }
}

/** Fails unless the place belongs to this order of changes, which has reached it. */
function createReachedCheck(database: Database): (place: Position) => Promise<void> {
  const readPosition = createPositionReader(database)

  return async ({ epoch, position }) => {
    checkName('epoch', epoch)
    checkNumber('position', position)
    const latest = await readPosition()
    if (epoch !== latest.epoch) {
      throw new StoreError('epoch-changed', 'the position belongs to another order of changes')
    }
    if (position > latest.position) {
      throw new StoreError('position-ahead', 'this database has not reached the position')
    }
  }
}

/** The position of the latest visible change; 0 before the first. */
export async function readPosition(transaction: Transaction<Schema>): Promise<number> {
  return (await transaction.selectFrom('feed').select('position').executeTakeFirstOrThrow()).position
}

/**
 * Allocates the next positions, in the transaction of the visible changes, so that they become visible in their order.
 *
 * @returns the first of `count` positions
 */
export async function allocatePositions(transaction: Transaction<Schema>, count: number): Promise<number> {
  const { position } = await transaction
    .updateTable('feed')
    .set({ position: sql`position + ${count}` })
    .returning('position')
    .executeTakeFirstOrThrow()
  return position - count + 1
}

/** Gives the messages with these uids the next positions, in the order of their ids: what readers see of them changed. */
export async function movePositions(
  transaction: Transaction<Schema>,
  uids: readonly string[],
): Promise<void> {
  if (uids.length === 0) return
  const moved = sql`(
    select id, row_number() over (order by id) as place from messages where uid in ${jsonValues([...new Set(uids)])}
  ) as moved`
  const { numAffectedRows = 0n } = await sql`
    update messages set position = (select position from feed) + place from ${moved} where messages.id = moved.id
  `.execute(transaction)
  await allocatePositions(transaction, Number(numAffectedRows))
}
