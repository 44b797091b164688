import { sql } from 'kysely'
import { checkInteger, checkKey, checkLimit, checkName, checkNumber } from '../arguments.js'
import type { Database, Reader, Writer } from '../database/database.js'
import type { Store } from '../store.js'
import type { EarlierVersion, MessageFormat, MessageVersion, StoredMessage } from '../stored-message.js'

const DEFAULT_LIMIT = 50
const MAX_VERSIONS = 10_000

const VERSION_COLUMNS = [
  'version',
  'content',
  'format',
  'topic',
  'updated_at',
  'updated_by',
  'git_hash',
] as const

type VersionRow = Omit<MessageVersion, 'format' | 'is_synchronized'> & { readonly format: string }

const toVersion = (row: VersionRow): MessageVersion => ({
  version: row.version,
  content: row.content,
  format: row.format as MessageFormat,
  topic: row.topic,
  updated_at: row.updated_at,
  updated_by: row.updated_by,
  git_hash: row.git_hash,
  is_synchronized: row.git_hash !== null,
})

/** @see {@link Store.listVersions} */
export function createListVersions(database: Database): Store['listVersions'] {
  return async (key, { limit = DEFAULT_LIMIT, before = Number.MAX_SAFE_INTEGER } = {}) => {
    checkKey('key', key)
    checkLimit(limit)
    checkNumber('before', before)
    return database.read(async ({ queries }) => {
      const current = await queries
        .selectFrom('messages')
        .select(['id', ...VERSION_COLUMNS])
        .where(typeof key === 'number' ? 'id' : 'uid', '=', key)
        .executeTakeFirst()
      if (!current) return []
      const isOnPage = current.version < before
      const earlier = await queries
        .selectFrom('versions')
        .select(VERSION_COLUMNS)
        .where('message_id', '=', current.id)
        .where('version', '<', before)
        .orderBy('version', 'desc')
        .limit(limit)
        .execute()
      return [...(isOnPage ? [current] : []), ...earlier].slice(0, limit).map(toVersion)
    })
  }
}

/** @see {@link Store.findVersions} */
export function createFindVersions(database: Database): Store['findVersions'] {
  return async (wanted) => {
    checkInteger('the number of versions', wanted.length, { min: 0, max: MAX_VERSIONS })
    for (const { uid, version } of wanted) {
      checkName('uid', uid)
      checkNumber('version', version)
    }
    const pairs = database.rows(
      { uid: 'text', version: 'bigint' },
      wanted.map(({ uid, version }) => [uid, version]),
    )
    const { rows } = await database.read(({ queries, name }) =>
      sql<VersionRow & { uid: string; number: number; message_id: number }>`
        select messages.uid, versions.* from ${pairs} as wanted
        join ${name('messages')} as messages on messages.uid = wanted.uid
        join ${name('versions')} as versions
          on versions.message_id = messages.id and versions.version = wanted.version
      `.execute(queries),
    )
    return rows.map((row) => ({ uid: row.uid, ...toEarlierVersion(row) }))
  }
}

/** @see {@link Store.scanVersions} */
export function createScanVersions(database: Database): Store['scanVersions'] {
  return async (after, limit) => {
    checkNumber('after', after)
    checkLimit(limit)
    const rows = await database.read(({ queries }) =>
      queries
        .selectFrom('versions')
        .select(['number', 'message_id', ...VERSION_COLUMNS])
        .where('number', '>', after)
        .orderBy('number')
        .limit(limit)
        .execute(),
    )
    return rows.map(toEarlierVersion)
  }
}

const toEarlierVersion = (row: VersionRow & { number: number; message_id: number }): EarlierVersion => ({
  number: row.number,
  message_id: row.message_id,
  ...toVersion(row),
})

/** Keeps the current versions of messages as earlier ones, before others become the current ones. */
export async function keepVersions(
  { queries, numbers, versions }: Writer,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return
  const first = versions.allocate(ids.length)
  const columns = [...VERSION_COLUMNS, 'synchronized_position'] as const
  await queries
    .insertInto('versions')
    .columns(['number', 'message_id', ...columns])
    .expression((expression) =>
      expression
        .selectFrom('messages')
        .select([
          sql<number>`cast(${first} as bigint) + row_number() over (order by id) - 1`.as('number'),
          'id',
          ...columns,
        ])
        .where('id', 'in', numbers(ids))
        .orderBy('id'),
    )
    .execute()
}

/** Stores versions that other ones have followed already. */
export async function insertVersions(
  { queries, versions }: Writer,
  messages: readonly StoredMessage[],
): Promise<void> {
  if (messages.length === 0) return
  const first = versions.allocate(messages.length)
  const rows = messages.map(
    ({ id, version, content, format, topic, updated_at, updated_by, git_hash }, index) => ({
      number: first === null ? null : first + index,
      message_id: id,
      ...{ version, content, format, topic, updated_at, updated_by, git_hash },
    }),
  )
  await queries.insertInto('versions').values(rows).execute()
}

/** Erases the earlier versions of messages, and the changes of all: none of them will be published any more. */
export async function eraseVersions(
  { queries, numbers, outbox }: Writer,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return
  await outbox.delete(sql<boolean>`message_id in ${numbers(ids)}`)
  await queries.deleteFrom('versions').where('message_id', 'in', numbers(ids)).execute()
}

/** Finds versions before the current ones of messages, by {@link versionKey}. */
export async function findVersionsOf(
  { queries, rows, name }: Reader,
  wanted: readonly VersionName[],
): Promise<Map<string, MessageVersion>> {
  if (wanted.length === 0) return new Map()
  const pairs = rows(
    { message_id: 'bigint', version: 'bigint' },
    wanted.map(({ message_id, version }) => [message_id, version]),
  )
  const found = await sql<VersionRow & { message_id: number }>`
    select versions.* from ${pairs} as wanted join ${name('versions')} as versions
      on versions.message_id = wanted.message_id and versions.version = wanted.version
  `.execute(queries)
  return new Map(found.rows.map((row) => [versionKey(row), toVersion(row)]))
}

/** One version of a message of this database. */
interface VersionName {
  readonly message_id: number
  readonly version: number
}

export const versionKey = ({ message_id, version }: VersionName): string => `${message_id} ${version}`
