import type { PlacedVersion } from '../database/database.js'
import type { Columns, Row } from '../database/queries.js'

/** Published versions, as a statement reads them. */
export interface Published {
  /** Each version once. */
  readonly all: readonly PlacedVersion[]
  /** The last version of each message. */
  readonly latest: readonly PlacedVersion[]
  /** Whether there can be no versions before them. */
  readonly areFirst: boolean
}

/** Of a version that was given twice, the last hash counts. */
export function arrange(published: readonly PlacedVersion[]): Published {
  const latest = unique(
    published.toSorted((one, other) => one.version - other.version),
    ({ uid }) => uid,
  )
  return {
    all: unique(published, ({ uid, version }) => `${version} ${uid}`),
    latest,
    areFirst: latest.every(({ version }) => version === 1),
  }
}

/** The last element of each key. */
const unique = (
  published: readonly PlacedVersion[],
  keyOf: (version: PlacedVersion) => string,
): PlacedVersion[] => [...new Map(published.map((version) => [keyOf(version), version])).values()]

export const PUBLISHED_COLUMNS: Columns = { uid: 'text', version: 'bigint', hash: 'text', position: 'bigint' }

/** The rows of a table with the {@link PUBLISHED_COLUMNS}. */
export const toRows = (published: readonly PlacedVersion[]): Row[] =>
  published.map(({ uid, version, git_hash, position }) => [uid, version, git_hash, position])
