import { type RawBuilder, sql, type Transaction } from 'kysely'
import type { Schema } from '../sqlite/schema.js'
import type { PublishedVersion } from '../synchronization.js'

/** A published version, and the position of the visible change that this is. */
export interface PlacedVersion extends PublishedVersion {
  readonly position: number
}

/** The same as a table that a statement reads. */
interface PublishedTable {
  readonly uid: string
  readonly version: number
  readonly hash: string
  readonly position: number
}

/**
 * Marks versions as known to the repository, in the order of their commits, and deletes their changes. Pending
 * versions before them are superseded: the repository will never have them.
 *
 * The same few statements for any number of versions. If one is given twice, its last hash counts.
 *
 * @returns whether at least one of the messages is stored here
 */
export async function markPublished(
  transaction: Transaction<Schema>,
  published: readonly PlacedVersion[],
): Promise<boolean> {
  if (published.length === 0) return false
  const all = toTable(unique(published, ({ uid, version }) => `${version} ${uid}`))
  const latest = unique(
    published.toSorted((one, other) => one.version - other.version),
    ({ uid }) => uid,
  )
  const last = toTable(latest)

  const current = await sql`
    update messages set git_hash = hash, is_synchronized = 1, position = published.position,
      synchronized_version = published.version, synchronized_position = published.position
    from ${all} where messages.uid = published.uid and messages.version = published.version
  `.execute(transaction)
  await sql`
    delete from outbox where sequence in (
      select outbox.sequence from ${last} join messages on messages.uid = published.uid
      join outbox on outbox.message_id = messages.id and outbox.version <= published.version
    )
  `.execute(transaction)
  if (current.numAffectedRows === BigInt(latest.length) && latest.every(({ version }) => version === 1))
    return true

  const earlier = await markEarlier(transaction, all, last)
  return earlier || (current.numAffectedRows ?? 0n) > 0n
}

/** The part that concerns versions before the current ones. */
async function markEarlier(
  transaction: Transaction<Schema>,
  all: RawBuilder<PublishedTable>,
  last: RawBuilder<PublishedTable>,
): Promise<boolean> {
  await sql`
    update versions set git_hash = hash, synchronized_position = published.position
    from ${all} join messages on messages.uid = published.uid
    where versions.message_id = messages.id and versions.version = published.version
  `.execute(transaction)
  const { numAffectedRows } = await sql`
    update messages set position = published.position,
      synchronized_version = max(coalesce(synchronized_version, 0), published.version)
    from ${last} where messages.uid = published.uid and messages.version <> published.version
  `.execute(transaction)
  await sql`
    delete from versions where number in (
      select versions.number from ${last} join messages on messages.uid = published.uid
      join versions on versions.message_id = messages.id
        and versions.version < published.version and versions.git_hash is null
    )
  `.execute(transaction)
  return (numAffectedRows ?? 0n) > 0n
}

/** The last element of each key. */
const unique = (
  published: readonly PlacedVersion[],
  keyOf: (version: PlacedVersion) => string,
): PlacedVersion[] => [...new Map(published.map((version) => [keyOf(version), version])).values()]

/** A table `published`, as one parameter: the statement is the same for any number of rows. */
function toTable(published: readonly PlacedVersion[]): RawBuilder<PublishedTable> {
  const rows = published.map(({ uid, version, git_hash, position }) => [uid, version, git_hash, position])
  return sql<PublishedTable>`(
    select value ->> 0 as uid, value ->> 1 as version, value ->> 2 as hash, value ->> 3 as position
    from json_each(${JSON.stringify(rows)})
  ) as published`
}
