import type { RawBuilder } from 'kysely'
import { checkInteger, checkKey, checkUids } from '../arguments.js'
import type { Database, Reader } from '../database/database.js'
import { bind } from '../database/queries.js'
import type { Store } from '../store.js'
import { MESSAGE_COLUMNS, toMessage } from './message-row.js'

const MAX_UIDS = 10_000

/** @see {@link Store.findMessage} */
export function createFindMessage(database: Database): Store['findMessage'] {
  const messages = database.queries.selectFrom('messages').select(MESSAGE_COLUMNS)
  const byId = messages.where('id', '=', 0).compile()
  const byUid = messages.where('uid', '=', '').compile()

  return async (key) => {
    checkKey('key', key)
    const query = bind(typeof key === 'number' ? byId : byUid, [key])
    const { rows } = await database.read(({ queries }) => queries.executeQuery(query))
    return rows[0] ? toMessage(rows[0]) : null
  }
}

/** @see {@link Store.findMessages} */
export function createFindMessages(database: Database): Store['findMessages'] {
  return async (uids) => {
    checkUids(uids)
    checkInteger('the number of uids', uids.length, { min: 0, max: MAX_UIDS })
    const rows = await database.read(({ queries, texts }) =>
      queries.selectFrom('messages').select(MESSAGE_COLUMNS).where('uid', 'in', texts(uids)).execute(),
    )
    return rows.map(toMessage)
  }
}

/** Finds the rows of messages by ids and uids, in one query for each kind, and maps both to them. */
export async function findByKeys<Row extends { readonly id: number; readonly uid: string }>(
  { numbers, texts }: Reader,
  keys: readonly (number | string)[],
  select: (column: 'id' | 'uid', keys: RawBuilder<number | string>) => Promise<readonly Row[]>,
): Promise<Map<number | string, Row>> {
  const ids = keys.filter((key) => typeof key === 'number')
  const uids = keys.filter((key) => typeof key === 'string')
  const rows = [
    ...(ids.length > 0 ? await select('id', numbers(ids)) : []),
    ...(uids.length > 0 ? await select('uid', texts(uids)) : []),
  ]
  return new Map<number | string, Row>([
    ...rows.map((row) => [row.id, row] as const),
    ...rows.map((row) => [row.uid, row] as const),
  ])
}
