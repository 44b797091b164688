import type { GitBackend } from '@gitmsg/git-sync'
import type { SearchIndexState, Store, StoredMessage } from '@gitmsg/store'
import { readBatches } from '../history/read-batches.js'
import { withSyncLock } from '../history/with-sync-lock.js'
import {
  DIFFERENCE_KINDS,
  type Difference,
  type DifferenceKind,
  findDifferences,
} from './find-differences.js'
import { createIdFlags, type IdFlags, Seen } from './id-flags.js'
import { createRepair, type Repair } from './repair.js'
import { createReplay, type Replay } from './replay.js'

/** Options of {@link verify}. */
export interface VerifyOptions {
  /** The database. An engine may run on it, except for a repair. */
  readonly store: Store
  /** The repository; no engine may use this backend meanwhile. */
  readonly backend: GitBackend
  /**
   * Repairs what can be repaired without losing anything: what is missing in the repository becomes pending again,
   * what is missing in the database is imported, a wrong hash is corrected, a search index is built again. If the
   * repository has other bytes, both sides keep theirs. Default: false, which changes nothing.
   */
  readonly repair?: boolean
  /** Called with each difference, at the end, and awaited. */
  readonly onDifference?: (difference: Difference) => void | Promise<void>
  /** Called before the repository is read (which may include fetching it) and regularly while it is. */
  readonly onProgress?: (progress: VerifyProgress) => void
  /** Stops reading the repository: `verify` rejects with a {@link GitSyncError} `aborted`. */
  readonly signal?: AbortSignal
}

/** Progress of a verification. */
export interface VerifyProgress {
  /** Files of the repository compared so far. */
  readonly files: number
  /** Messages that the repository must have: about as many files are expected. */
  readonly expected: number
}

/** The result of a verification. */
export interface Verification {
  /** True if nothing differs any more. What a repair made pending again counts as repaired. */
  readonly equal: boolean
  /** How many differences of each kind, repaired ones included. */
  readonly differences: Readonly<Record<DifferenceKind, number>>
  /** How many differences were repaired. */
  readonly repaired: number
  /** Messages in the database. */
  readonly messages: number
  /** Messages that are not in the repository yet; not a difference. */
  readonly pending: number
  /** Messages that are quarantined; not a difference. */
  readonly quarantined: number
  /** Commits read. */
  readonly commits: number
  /** The tip of the branch as read; `null` if there is no branch. */
  readonly head: string | null
  /** How the search index compares with the messages, after a repair. `incomplete`: it is still being built. */
  readonly searchIndex: SearchIndexState | 'repaired'
}

const MESSAGES_PER_READ = 1_000
const DIFFERENCES_PER_REPAIR = 1_000

/**
 * Compares the database with the repository (the remote, if there is one), content by content.
 *
 * The tip must have the version of each message that the database takes for synchronized, and each version must be in
 * the commit that is stored for it. The search index must have the words of the messages.
 *
 * It streams, and holds one byte in memory for each message and each version, and some 700 bytes for each file of the branch that is not
 * the file of a stored message. It may run beside an engine on the same database: what is synchronized meanwhile is
 * ignored.
 *
 * @throws {PreconditionError} `synchronizing`, only for a repair
 * @throws {GitSyncError} as {@link GitBackend.changesSince}
 * @example
 * const { equal, differences } = await verify({ store, backend, onDifference: console.log })
 */
export function verify(options: VerifyOptions): Promise<Verification> {
  return options.repair ? withSyncLock(options, compare) : compare(options)
}

async function compare(options: VerifyOptions): Promise<Verification> {
  const { store, onDifference = () => {} } = options
  const flags = createIdFlags()
  const versionFlags = createIdFlags()
  // Before the repository is read: what is synchronized by then must be there.
  const { messages, expected } = await flagExpected(store, flags)
  const { pending, quarantined } = await store.summary()
  const { format } = await store.cursor()
  await flagExpectedVersions(store, versionFlags)
  const replay = createReplay(store, { flags, versionFlags })
  const { commits, head } = await readBranch(replay, expected, options)

  // The file that declares the format may be gone without a trace: a merge can leave out what it never touched.
  const undeclared = format !== null && !replay.declaresFormat ? head : null

  const differences = noDifferences()
  let repaired = 0
  let total = 0
  const repair: Repair = options.repair ? createRepair(options) : async (found) => found
  for await (const found of inBatches(
    findDifferences(store, { flags, versionFlags, replay, undeclared }),
    DIFFERENCES_PER_REPAIR,
  )) {
    for (const difference of await repair(found)) {
      differences[difference.kind] += 1
      total += 1
      repaired += Number(difference.repaired)
      await onDifference(difference)
    }
  }
  const searchIndex = await compareSearchIndex(options)
  const equal = total === repaired && searchIndex !== 'different'
  const counts = { messages, pending, quarantined, commits }
  return { equal, differences, repaired, ...counts, head, searchIndex }
}

async function compareSearchIndex({
  store,
  repair = false,
  signal,
}: VerifyOptions): Promise<Verification['searchIndex']> {
  const state = await store.checkSearchIndex({ signal })
  if (!repair || state === 'equal') return state
  if (state === 'different') await store.clearSearchIndex()
  await store.buildSearchIndex({ signal })
  return (await store.checkSearchIndex({ signal })) === 'equal' ? 'repaired' : 'different'
}

async function flagExpected(store: Store, flags: IdFlags): Promise<{ messages: number; expected: number }> {
  let messages = 0
  let expected = 0
  for await (const page of storedMessages(store)) {
    const synchronized = page.filter(({ synchronized_version }) => synchronized_version !== null)
    for (const { id } of synchronized) flags.set(id, Seen.EXPECTED)
    messages += page.length
    expected += synchronized.length
  }
  return { messages, expected }
}

async function flagExpectedVersions(store: Store, versionFlags: IdFlags): Promise<void> {
  for (let after = 0; ; ) {
    const versions = await store.scanVersions(after, MESSAGES_PER_READ)
    for (const { number, is_synchronized } of versions) {
      if (is_synchronized) versionFlags.set(number, Seen.EXPECTED)
    }
    const last = versions.at(-1)
    if (!last || versions.length < MESSAGES_PER_READ) return
    after = last.number
  }
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
  for await (const batch of readBatches(backend, null, { signal })) {
    await replay.add(batch)
    commits += batch.filter(({ isContinued = false }) => !isContinued).length
    for (const commit of batch) files += commit.files.length
    head = batch.at(-1)?.hash ?? head
    onProgress({ files, expected })
  }
  return { commits, head }
}

const noDifferences = () =>
  Object.fromEntries(DIFFERENCE_KINDS.map((kind) => [kind, 0])) as Record<DifferenceKind, number>

/** Streams every message of the database, a page at a time, oldest first. */
async function* storedMessages(store: Store): AsyncGenerator<StoredMessage[]> {
  let after = 0
  for (;;) {
    const page = await store.listMessages({ include: 'all', after, limit: MESSAGES_PER_READ })
    if (page.length === 0) return
    after = page[0]?.id ?? after
    yield page.reverse()
  }
}

/** Groups items, in order, into batches of `size`; the last one may be smaller, none is empty. */
async function* inBatches<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let batch: Item[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
