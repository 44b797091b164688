import { type RawBuilder, sql } from 'kysely'
import type { PlacedVersion, Reader } from '../database/database.js'
import { arrange, PUBLISHED_COLUMNS, toRows } from '../outbox/published.js'

/** The same few statements for any number of versions. @see {@link Writer.markPublished} */
export async function markPublished(
  { queries, rows }: Reader,
  published: readonly PlacedVersion[],
): Promise<boolean> {
  if (published.length === 0) return false
  const { all, latest, areFirst } = arrange(published)
  const toTable = (versions: readonly PlacedVersion[]) =>
    sql`${rows(PUBLISHED_COLUMNS, toRows(versions))} as published`
  const last = toTable(latest)

  const current = await sql`
    update messages set git_hash = hash, is_synchronized = 1, position = published.position,
      synchronized_version = published.version, synchronized_position = published.position
    from ${toTable(all)} where messages.uid = published.uid and messages.version = published.version
  `.execute(queries)
  await sql`
    delete from outbox where sequence in (
      select outbox.sequence from ${last} join messages on messages.uid = published.uid
      join outbox on outbox.message_id = messages.id and outbox.version <= published.version
    )
  `.execute(queries)
  if (areFirst && current.numAffectedRows === BigInt(latest.length)) return true

  const earlier = await markEarlier({ queries, all: toTable(all), last })
  return earlier || (current.numAffectedRows ?? 0n) > 0n
}

/** The part that concerns versions before the current ones. */
async function markEarlier({
  queries,
  all,
  last,
}: Pick<Reader, 'queries'> & Record<'all' | 'last', RawBuilder<unknown>>): Promise<boolean> {
  await sql`
    update versions set git_hash = hash, synchronized_position = published.position
    from ${all} join messages on messages.uid = published.uid
    where versions.message_id = messages.id and versions.version = published.version
  `.execute(queries)
  const { numAffectedRows } = await sql`
    update messages set position = published.position,
      synchronized_version = max(coalesce(synchronized_version, 0), published.version)
    from ${last} where messages.uid = published.uid and messages.version <> published.version
  `.execute(queries)
  await sql`
    delete from versions where number in (
      select versions.number from ${last} join messages on messages.uid = published.uid
      join versions on versions.message_id = messages.id
        and versions.version < published.version and versions.git_hash is null
    )
  `.execute(queries)
  return (numAffectedRows ?? 0n) > 0n
}
