import * as commands from '../git/commands.js'
import type { Git } from '../git/git.js'
import { type GitCommand, ignoreOutput, NEVER_ABORTED } from '../git/git-command.js'

/** The folder of all refs of our own. */
const PRIVATE_REFS = 'refs/gitmsg'
/** Packing prints nothing, and may take long. */
const IDLE_TIMEOUT_MS = 60 * 60_000
const HASHES_PER_CHECK = 5_000

const upkeep = (...args: string[]): GitCommand<void> => ({
  args,
  processGroup: { idleTimeoutMs: IDLE_TIMEOUT_MS },
  parse: ignoreOutput,
})

/** Deletes our private refs. */
export async function deletePrivateRefs(git: Git): Promise<void> {
  for (const ref of await git.run(commands.refsIn({ folder: PRIVATE_REFS }), NEVER_ABORTED)) {
    await git.run(commands.deleteRef(ref), NEVER_ABORTED)
  }
}

/**
 * Removes from the local repository what no ref has: all objects are packed again, and the rest is deleted. The commit
 * graph is written again, too, because it would name commits that are gone.
 */
export async function forgetObjects(git: Git, signal: AbortSignal): Promise<void> {
  await deletePrivateRefs(git)
  await git.run(upkeep('reflog', 'expire', '--expire=now', '--all'), signal)
  await git.run(upkeep('repack', '-a', '-d', '-q'), signal)
  await git.run(upkeep('prune', '--expire=now'), signal)
  await git.run(upkeep('commit-graph', 'write', '--reachable', '--split=replace'), signal)
}

/** How many of these objects the repository has. */
export async function countExisting(
  git: Git,
  hashes: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<number> {
  const all = [...hashes]
  let existing = 0
  for (let start = 0; start < all.length; start += HASHES_PER_CHECK) {
    existing += await git.run(existingOf(all.slice(start, start + HASHES_PER_CHECK)), signal)
  }
  return existing
}

const existingOf = (hashes: readonly string[]): GitCommand<number> => ({
  args: ['cat-file', '--batch-check=%(objecttype)'],
  input: hashes.map((hash) => `${hash}\n`).join(''),
  processGroup: { idleTimeoutMs: IDLE_TIMEOUT_MS },
  parse: ({ stdout }) => stdout.split('\n').filter((line) => /^[a-z]+$/.test(line)).length,
})
