import type { Store } from '@gitmsg/store'
import { FORMAT_PATH } from '../format/format-file.js'
import { uidOfPath } from '../format/message-file.js'
import { type IdFlags, Seen } from './id-flags.js'
import type { Replay } from './replay.js'

/** Every {@link DifferenceKind}. */
export const DIFFERENCE_KINDS = [
  'missing-in-repository',
  'missing-in-database',
  'other-bytes',
  'wrong-hash',
  'duplicate-uid',
  'invalid-file',
  'unknown-format',
] as const

/**
 * How the database and the repository differ.
 *
 * - `missing-in-repository`: synchronized in the database, but its file is not at the branch's tip
 * - `missing-in-database`: a valid message, or version of one, on the branch that is not in the database
 * - `other-bytes`: the tip has different content at the path of a message
 * - `wrong-hash`: the commit stored for a version does not have it
 * - `duplicate-uid`: a copy of another message, at a different path
 * - `invalid-file`: a file in the messages folder that is not a message
 * - `unknown-format`: another format version, or not a gitmsg repository; nothing else was compared, unless the file that
 *   declares the format is missing
 */
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number]

/** One difference. */
export interface Difference {
  /** How they differ. */
  readonly kind: DifferenceKind
  /** The file in the repository. */
  readonly path: string
  /** `null` if the path names no message. */
  readonly uid: string | null
  /** The message's number in the database; `null` if it is not stored. */
  readonly id: number | null
  /** The version that differs; `null` if the difference is not one of a version. */
  readonly version: number | null
  /** The commit that the database has for the version. */
  readonly git_hash: string | null
  /** The commit of the branch that shows the difference, if there is one. */
  readonly commit: string | null
  /** One sentence for people. */
  readonly reason: string
  /** Whether this verification repaired it. */
  readonly repaired: boolean
}

const VERSIONS_PER_READ = 1_000

const REASONS = {
  'missing-in-repository': 'The branch does not have its file.',
  'other-bytes': 'The branch has different content at its path.',
  'missing-in-database': 'The database does not have the version on the branch.',
  'wrong-hash': 'The commit stored for this version does not have it.',
} as const

/** What {@link findDifferences} compares. */
export interface Findings {
  /** By id. */
  readonly flags: IdFlags
  /** By the number of the version. */
  readonly versionFlags: IdFlags
  readonly replay: Replay
  /** The head, if it should declare the format but does not. */
  readonly undeclared: string | null
}

/** Streams what a replay of the whole branch found: first files, then messages, then their earlier versions. */
export async function* findDifferences(
  store: Store,
  { flags, versionFlags, replay, undeclared }: Findings,
): AsyncGenerator<Difference> {
  if (replay.formatProblem) {
    yield difference('unknown-format', { ...replay.formatProblem, path: FORMAT_PATH })
    return
  }
  if (undeclared) {
    const reason = 'The branch does not declare its format any more.'
    yield difference('unknown-format', { commit: undeclared, path: FORMAT_PATH, reason })
  }
  for (const [path, { kind, commit, reason, isRemoved }] of replay.unmatchedFiles) {
    yield difference(kind, { path, commit, reason })
    if (isRemoved) {
      yield difference('missing-in-repository', { path, reason: REASONS['missing-in-repository'] })
    }
  }
  for (const [id, seen] of flags.entries()) {
    const kind = kindOf(seen)
    const message = kind && (await store.findMessage(id))
    if (!message) continue
    const { path, git_hash, synchronized_version: version } = message
    const commit = replay.otherSources.get(id) ?? null
    yield difference(kind, { id, path, version, git_hash, commit, reason: REASONS[kind] })
  }
  yield* findUnprovenVersions(store, { versionFlags, replay })
}

/** Earlier versions that are not in the commits stored for them. Those of messages deleted meanwhile are gone. */
async function* findUnprovenVersions(
  store: Store,
  { versionFlags, replay }: Pick<Findings, 'versionFlags' | 'replay'>,
): AsyncGenerator<Difference> {
  for (let after = 0; ; ) {
    const versions = await store.scanVersions(after, VERSIONS_PER_READ)
    for (const { number, message_id: id, version, git_hash } of versions) {
      const seen = versionFlags.get(number)
      if (!(seen & Seen.EXPECTED) || seen & Seen.PROVEN) continue
      const message = await store.findMessage(id)
      if (!message) continue
      const commit = replay.otherSourcesOfVersions.get(number) ?? null
      const found = { id, path: message.path, version, git_hash, commit, reason: REASONS['wrong-hash'] }
      yield difference('wrong-hash', found)
    }
    const last = versions.at(-1)
    if (!last || versions.length < VERSIONS_PER_READ) return
    after = last.number
  }
}

function kindOf(seen: number): keyof typeof REASONS | null {
  const isExpected = (seen & Seen.EXPECTED) > 0
  if (seen & Seen.ALTERED) return 'other-bytes'
  if (seen & Seen.AHEAD) return 'missing-in-database'
  if (isExpected && !(seen & Seen.SOUND)) return 'missing-in-repository'
  if (isExpected && !(seen & Seen.PROVEN)) return 'wrong-hash'
  return null
}

function difference(
  kind: DifferenceKind,
  found: Pick<Difference, 'path' | 'reason'> & Partial<Difference>,
): Difference {
  return {
    kind,
    uid: uidOfPath(found.path),
    id: null,
    version: null,
    git_hash: null,
    commit: null,
    repaired: false,
    ...found,
  }
}
