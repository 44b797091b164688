import { type RawBuilder, sql, type Transaction } from 'kysely'
import { allocatePositions } from '../messages/positions.js'
import type { Schema } from '../sqlite/schema.js'
import type { PublishedVersion } from '../synchronization.js'

interface Published {
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
  published: readonly PublishedVersion[],
): Promise<boolean> {
  if (published.length === 0) return false
  const first = await allocatePositions(transaction, published.length)
  const rows = published.map(({ uid, version, git_hash }, index) => [uid, version, git_hash, first + index])
  const all = select(rows)
  const latest = select([...new Map(rows.map((row) => [row[0], row])).values()])

  await sql`
    update messages set git_hash = hash, is_synchronized = 1, synchronized_position = published.position
    from ${all} where messages.uid = published.uid and messages.version = published.version
  `.execute(transaction)
  await sql`
    update versions set git_hash = hash, synchronized_position = published.position
    from ${all} join messages on messages.uid = published.uid
    where versions.message_id = messages.id and versions.version = published.version
  `.execute(transaction)
  const { numAffectedRows } = await sql`
    update messages set position = published.position,
      synchronized_version = max(coalesce(synchronized_version, 0), published.version)
    from ${latest} where messages.uid = published.uid
  `.execute(transaction)
  await sql`
    delete from outbox where sequence in (
      select outbox.sequence from ${latest} join messages on messages.uid = published.uid
      join outbox on outbox.message_id = messages.id and outbox.version <= published.version
    )
  `.execute(transaction)
  await sql`
    delete from versions where number in (
      select versions.number from ${latest} join messages on messages.uid = published.uid
      join versions on versions.message_id = messages.id
        and versions.version < published.version and versions.git_hash is null
    )
  `.execute(transaction)
  return (numAffectedRows ?? 0n) > 0n
}

/** A table `published` of the given rows, as one parameter: the statement is the same for any number of rows. */
const select = (rows: readonly (readonly (string | number)[])[]): RawBuilder<Published> =>
  sql<Published>`(
    select value ->> 0 as uid, value ->> 1 as version, value ->> 2 as hash, value ->> 3 as position
    from json_each(${JSON.stringify(rows)})
  ) as published`
