import { type Kysely, sql } from 'kysely'
import { checkInteger, checkKey, checkLimit, checkName, checkNumber } from '../arguments.js'
import type { Database, Writer } from '../database/database.js'
import type { Schema } from '../database/schema.js'
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

/** Keeps the current version of a message as an earlier one, before another becomes the current one. */
export async function keepVersion({ queries, versions }: Writer, messageId: number): Promise<void> {
  const columns = [...VERSION_COLUMNS, 'synchronized_position'] as const
  await queries
    .insertInto('versions')
    .columns(['number', 'message_id', ...columns])
    .expression((expression) =>
      expression
        .selectFrom('messages')
        .select(({ cast, val }) => [
          cast<number>(val(versions.nextNumber()), 'bigint').as('number'),
          'id',
          ...columns,
        ])
        .where('id', '=', messageId),
    )
    .execute()
}

/** The message as it was in this version, if that is still stored; otherwise as it is now. */
export async function toVersionOf(
  queries: Kysely<Schema>,
  message: StoredMessage,
  version: number,
): Promise<StoredMessage> {
  if (version === message.version) return message
  const row = await queries
    .selectFrom('versions')
    .select(VERSION_COLUMNS)
    .where('message_id', '=', message.id)
    .where('version', '=', version)
    .executeTakeFirst()
  return row ? { ...message, ...toVersion(row) } : message
}
