import type { Store } from '@gitmsg/store'
import { FORMAT_PATH } from '../format/format-file.js'
import { uidOfPath } from '../format/message-path.js'
import type { Difference, DifferenceKind } from './difference.js'
import type { IdFlags } from './id-flags.js'
import { type Replay, Seen } from './replay.js'

/** What a replay of the whole branch showed, one difference at a time: first the files, then the messages. */
export async function* findDifferences(
  store: Store,
  { flags, replay }: { flags: IdFlags; replay: Replay },
): AsyncGenerator<Difference> {
  if (replay.refusal) {
    yield difference('unknown-format', { ...replay.refusal, path: FORMAT_PATH })
    return
  }
  for (const [path, { kind, commit, reason, isRemoved }] of replay.strangers) {
    yield difference(kind, { path, commit, reason })
    if (isRemoved)
      yield difference('missing-in-repository', { path, reason: REASONS['missing-in-repository'] })
  }
  for (const [id, seen] of flags.entries()) {
    const kind = kindOf(seen)
    const message = kind && (await store.findMessage(id))
    if (!message) continue
    const { path, git_hash } = message
    const commit = replay.otherSources.get(id) ?? null
    yield difference(kind, { id, path, git_hash, commit, reason: REASONS[kind] })
  }
}

const REASONS = {
  'missing-in-repository': 'The branch does not have its file.',
  'other-bytes': 'The branch has something else at its path.',
  'wrong-hash': 'Its file came with another commit than the one that is stored.',
} as const

function kindOf(seen: number): keyof typeof REASONS | null {
  const isExpected = (seen & Seen.EXPECTED) > 0
  if (seen & Seen.ALTERED) return 'other-bytes'
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
    git_hash: null,
    commit: null,
    repaired: false,
    ...found,
  }
}
