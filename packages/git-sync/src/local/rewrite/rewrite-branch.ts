import { rm } from 'node:fs/promises'
import type { CommitHash } from '../../git-backend.js'
import { GitSyncError } from '../../git-sync-error.js'
import { createOperations } from '../../operations.js'
import { assembleLocal, type LocalParts } from '../assemble.js'
import * as commands from '../git/commands.js'
import type { LocalBackendOptions } from '../local-options.js'
import { type Destination, staleHead } from '../publish/destination.js'
import {
  assertBranchRewrite,
  type BranchRewrite,
  type BranchRewriteOptions,
  type PathRewrite,
} from './branch-rewrite.js'
import { buildRewrite } from './build-rewrite.js'
import { type FoundChanges, findChanges } from './find-changes.js'
import { countExisting, deletePrivateRefs, forgetObjects } from './forget-objects.js'
import { replaceBranch } from './replace-branch.js'

/** Where the new commits are built. */
const REWRITE_REF = 'refs/gitmsg/rewrite'

/**
 * Rewrites the history of the branch, so that it never had other contents at these paths, and removes the old ones
 * from the local repository. This is the only function that forces a push; no member of `GitBackend` does.
 *
 * In each commit that has a file at one of the paths, the file gets the new content. So the commit that adds it has
 * that from the beginning, and later changes of it are left out. Commits of which nothing is left are dropped, and
 * their children get their parents. Commits before the first change keep their hashes; all others, of whomever, keep
 * everything but their parents, and lose their signatures.
 *
 * If the branch is not at `tip`, it changes nothing and throws `stale-head`. A call that finds nothing to rewrite only
 * removes what the local repository has beside the branch; so a call that was interrupted can be repeated.
 *
 * No backend may be open on the directory. The remote, clones of it and its host's caches keep the old commits until
 * they are pruned.
 *
 * @param options as for `createLocalBackend`
 * @throws {GitSyncError} as a backend does when it publishes
 */
export async function rewriteBranch(
  options: LocalBackendOptions,
  rewrites: readonly PathRewrite[],
  rewriteOptions: BranchRewriteOptions,
): Promise<BranchRewrite> {
  assertBranchRewrite(rewrites, rewriteOptions)
  const parts = assembleLocal(options)
  // Checking and packing in the background would run into objects that are being removed.
  const repository = parts.createRepository({
    audit: { start() {}, stop() {}, report() {} },
    maintenance: { stop: async () => {} },
  })
  const destination = parts.createDestination({ investigate: async () => {} })
  try {
    return await createOperations(repository).perform(rewriteOptions.signal, (signal) =>
      rewrite({ parts, destination, rewrites }, { ...rewriteOptions, signal }),
    )
  } finally {
    await parts.git.idle()
  }
}

interface Work {
  readonly parts: LocalParts
  readonly destination: Destination
  readonly rewrites: readonly PathRewrite[]
}

async function rewrite(
  work: Work,
  options: BranchRewriteOptions & { readonly signal: AbortSignal },
): Promise<BranchRewrite> {
  const { parts, destination, rewrites } = work
  const { git, timeouts, directory } = parts
  const { tip, dryRun = false, signal } = options
  const head = await destination.fetch(signal)
  if (head !== tip) throw staleHead(head, tip)
  const changes = await findChanges(git, { tip, rewrites }, { idleTimeoutMs: timeouts.read, signal })
  const { first, newTip, ...counts } = changes.first
    ? await replaceHistory(work, { ...options, changes, first: changes.first })
    : { first: null, newTip: tip, rewritten: 0, dropped: 0 }
  const result = { oldTip: tip, newTip, ...counts, first, otherRefs: [], remaining: 0 }
  if (dryRun) return result
  await forgetObjects(git, signal)
  await rm(`${directory}.damaged`, { recursive: true, force: true })
  const remaining = await countExisting(git, changes.blobs, signal)
  const otherRefs = first ? await git.run(commands.refsIn({ containing: first }), signal) : []
  return { ...result, otherRefs, remaining }
}

async function replaceHistory(
  { parts, destination, rewrites }: Work,
  {
    tip,
    companions = [],
    dryRun = false,
    onProgress = () => {},
    signal,
    changes,
    first,
  }: BranchRewriteOptions & {
    readonly signal: AbortSignal
    readonly changes: FoundChanges
    readonly first: NonNullable<FoundChanges['first']>
  },
): Promise<Pick<BranchRewrite, 'first' | 'newTip' | 'rewritten' | 'dropped'>> {
  const { git, branch, timeouts } = parts
  const { rewritten, dropped } = await buildRewrite(git, {
    branch,
    rewrites,
    companions,
    fates: changes.fates,
    ref: REWRITE_REF,
    excluded: first.parents,
    dryRun,
    onProgress,
    idleTimeoutMs: timeouts.read,
    signal,
  })
  if (dryRun) return { first: first.hash, newTip: null, rewritten, dropped }
  const newTip = await git.run(commands.refTarget(REWRITE_REF), signal)
  if (newTip === null) throw new GitSyncError('unavailable', 'git fast-import did not move its ref')
  try {
    await assertSameTree(parts, { tip, newTip, rewrites }, signal)
    await replaceBranch(parts, { destination, parent: tip, tip: newTip }, signal)
  } catch (error) {
    await deletePrivateRefs(git)
    throw error
  }
  return { first: first.hash, newTip, rewritten, dropped }
}

/** The last look before the branch is replaced: only these paths may differ. */
async function assertSameTree(
  { git, timeouts }: LocalParts,
  { tip, newTip, rewrites }: { tip: CommitHash; newTip: CommitHash; rewrites: readonly PathRewrite[] },
  signal: AbortSignal,
): Promise<void> {
  const differing = await git.run(commands.differingPaths(tip, newTip, timeouts.read), signal)
  const expected = new Set(rewrites.map(({ path }) => path))
  if (differing.every((path) => expected.has(path))) return
  throw new GitSyncError('unavailable', 'the rewritten branch has another content: nothing was changed')
}
