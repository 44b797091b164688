import type { GitBackend } from '@gitmsg/git-sync'
import type { Store } from '@gitmsg/store'
import { readBatches } from '../history/read-batches.js'
import { withSyncLock } from '../history/with-sync-lock.js'
import { DIFFERENCE_KINDS, type Difference, type DifferenceKind } from './difference.js'
import { findDifferences } from './find-differences.js'
import { createIdFlags, type IdFlags } from './id-flags.js'
import { inBatches } from './in-batches.js'
import { createRepair, type Repair } from './repair.js'
import { createReplay, type Replay, Seen } from './replay.js'
import { storedMessages } from './stored-messages.js'

/** What {@link verify} needs. */
export interface VerifyOptions {
  /** The database; an engine may run on it, unless there is something to repair. */
  readonly store: Store
  /** The repository that counts; no engine may use this backend meanwhile. */
  readonly backend: GitBackend
  /**
   * Mends what can be mended without losing anything: what the repository misses becomes pending again, for an
   * engine to append; what the database misses is imported; a wrong hash is set right. Where the repository has
   * other bytes, both keep theirs. Default: false, which changes nothing.
   */
  readonly repair?: boolean
  /** Called with each difference, at the end, and awaited. Differences are not kept. */
  readonly onDifference?: (difference: Difference) => void | Promise<void>
  /** Called before the repository is read, which may mean to fetch it, and now and then while it is. */
  readonly onProgress?: (progress: VerifyProgress) => void
  /** Ends the reading of the repository: `verify` rejects with a {@link GitSyncError} `aborted`. */
  readonly signal?: AbortSignal
}

/** How far a verification is. */
export interface VerifyProgress {
  /** Files of the repository that were compared until now. */
  readonly files: number
  /** Messages that the repository must have: about as many files will come. */
  readonly expected: number
}

/** The outcome of a verification. */
export interface Verification {
  /** True where nothing differs any more; what a repair made pending again is on its way, and counts as mended. */
  readonly equal: boolean
  /** How many of each kind, those that were mended too. */
  readonly differences: Readonly<Record<DifferenceKind, number>>
  /** How many differences were mended. */
  readonly repaired: number
  /** Messages in the database. */
  readonly messages: number
  /** Messages that wait for their commit: no difference. */
  readonly pending: number
  /** Messages that were set aside: no difference. */
  readonly quarantined: number
  /** Commits that were read. */
  readonly commits: number
  /** The tip of the branch that was read; `null` where there is none. */
  readonly head: string | null
}

const AT_ONCE = 1_000

/**
 * Compares the database with the repository that counts, the remote where there is one, content by content.
 *
 * It streams. In memory are one byte for each message, and some 700 bytes for each file of the branch that is not
 * that of a stored message: none, where nothing differs. It may run beside an engine on the same database: what
 * that synchronizes meanwhile is not judged.
 *
 * @throws {PreconditionError} `synchronizing`, only for a repair
 * @throws {GitSyncError} as {@link GitBackend.changesSince}
 */
export function verify(options: VerifyOptions): Promise<Verification> {
  return options.repair ? withSyncLock(options.store, () => compare(options)) : compare(options)
}

async function compare(options: VerifyOptions): Promise<Verification> {
  const { store, onDifference = () => {} } = options
  const flags = createIdFlags()
  // Before the repository is read: what is synchronized by now must be there.
  const { messages, expected } = await flagExpected(store, flags)
  const { pending, quarantined } = await store.summary()
  const replay = createReplay(store, flags)
  const { commits, head } = await readBranch(replay, expected, options)

  const differences = countNone()
  let repaired = 0
  let total = 0
  const repair: Repair = options.repair ? createRepair(options) : async (found) => found
  for await (const found of inBatches(findDifferences(store, { flags, replay }), AT_ONCE)) {
    for (const difference of await repair(found)) {
      differences[difference.kind] += 1
      total += 1
      repaired += Number(difference.repaired)
      await onDifference(difference)
    }
  }
  return { equal: total === repaired, differences, repaired, messages, pending, quarantined, commits, head }
}

async function flagExpected(store: Store, flags: IdFlags): Promise<{ messages: number; expected: number }> {
  let messages = 0
  let expected = 0
  for await (const page of storedMessages(store)) {
    const synchronized = page.filter(({ is_synchronized }) => is_synchronized)
    for (const { id } of synchronized) flags.set(id, Seen.EXPECTED)
    messages += page.length
    expected += synchronized.length
  }
  return { messages, expected }
}

async function readBranch(
  replay: Replay,
  expected: number,
  { backend, signal, onProgress = () => {} }: VerifyOptions,
): Promise<{ commits: number; head: string | null }> {
  let commits = 0
  let files = 0
  let head: string | null = null
  onProgress({ files, expected })
  for await (const batch of readBatches(backend, null, signal)) {
    await replay.add(batch)
    commits += batch.length
    for (const commit of batch) files += commit.files.length
    head = batch.at(-1)?.hash ?? head
    onProgress({ files, expected })
  }
  return { commits, head }
}

const countNone = () =>
  Object.fromEntries(DIFFERENCE_KINDS.map((kind) => [kind, 0])) as Record<DifferenceKind, number>
