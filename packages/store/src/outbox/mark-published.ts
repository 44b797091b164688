import { type RawBuilder, sql } from 'kysely'
import type { Writer } from '../database/database.js'
import type { Columns } from '../database/queries.js'
import type { PublishedVersion } from '../synchronization.js'

/** A published version, and the position of the visible change that this is. */
export interface PlacedVersion extends PublishedVersion {
  readonly position: number
}

const PUBLISHED: Columns = { uid: 'text', version: 'bigint', hash: 'text', position: 'bigint' }

/**
 * Marks versions as known to the repository, in the order of their commits, and deletes their changes. Pending
 * versions before them are superseded: the repository will never have them.
 *
 * The same few statements for any number of versions. If one is given twice, its last hash counts.
 *
 * @returns whether at least one of the messages is stored here
 */
export async function markPublished(writer: Writer, published: readonly PlacedVersion[]): Promise<boolean> {
  if (published.length === 0) return false
  const { queries, name, outbox } = writer
  const all = toTable(
    writer,
    unique(published, ({ uid, version }) => `${version} ${uid}`),
  )
  const latest = unique(
    published.toSorted((one, other) => one.version - other.version),
    ({ uid }) => uid,
  )
  const last = toTable(writer, latest)

  const current = await sql`
    ${moving(writer, all, sql`messages.version = published.version`)}
    update ${name('messages')} set git_hash = hash, is_synchronized = 1, position = published.position,
      synchronized_version = published.version, synchronized_position = published.position
    from ${all} where messages.uid = published.uid and messages.version = published.version
  `.execute(queries)
  // PostgreSQL, which knows nothing of the sizes, may otherwise select them again for each change in the outbox.
  await outbox.delete(sql<boolean>`sequence in (
    with settled as materialized (
      select changes.sequence from ${last} join ${name('messages')} as messages on messages.uid = published.uid
      join ${name('outbox')} as changes on changes.message_id = messages.id and changes.version <= published.version
    )
    select sequence from settled
  )`)
  if (current.numAffectedRows === BigInt(latest.length) && latest.every(({ version }) => version === 1))
    return true

  const earlier = await markEarlier(writer, all, last)
  return earlier || (current.numAffectedRows ?? 0n) > 0n
}

/** The part that concerns versions before the current ones. */
async function markEarlier(
  writer: Writer,
  all: RawBuilder<unknown>,
  last: RawBuilder<unknown>,
): Promise<boolean> {
  const { queries, name } = writer
  const [messages, versions] = [name('messages'), name('versions')]
  await sql`
    update ${versions} set git_hash = hash, synchronized_position = published.position
    from ${all} join ${messages} as messages on messages.uid = published.uid
    where versions.message_id = messages.id and versions.version = published.version
  `.execute(queries)
  const { numAffectedRows } = await sql`
    ${moving(writer, last, sql`messages.version <> published.version`)}
    update ${messages} set position = published.position, synchronized_version = case
      when synchronized_version > published.version then synchronized_version else published.version end
    from ${last} where messages.uid = published.uid and messages.version <> published.version
  `.execute(queries)
  await sql`
    delete from ${versions} where number in (
      select earlier.number from ${last} join ${messages} as messages on messages.uid = published.uid
      join ${versions} as earlier on earlier.message_id = messages.id
        and earlier.version < published.version and earlier.git_hash is null
    )
  `.execute(queries)
  return (numAffectedRows ?? 0n) > 0n
}

const moving = (
  { name, positions }: Writer,
  published: RawBuilder<unknown>,
  condition: RawBuilder<unknown>,
): RawBuilder<unknown> =>
  positions.moving(sql`
    select messages.id, messages.position as former, published.position as latter
    from ${published} join ${name('messages')} as messages on messages.uid = published.uid and ${condition}
  `)

/** The last element of each key. */
const unique = (
  published: readonly PlacedVersion[],
  keyOf: (version: PlacedVersion) => string,
): PlacedVersion[] => [...new Map(published.map((version) => [keyOf(version), version])).values()]

const toTable = ({ rows }: Writer, published: readonly PlacedVersion[]): RawBuilder<unknown> =>
  sql`${rows(
    PUBLISHED,
    published.map(({ uid, version, git_hash, position }) => [uid, version, git_hash, position]),
  )} as published`
