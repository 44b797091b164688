import type { RecordedCommit } from '../git-backend.js'
import { createTree, type Tree } from '../tree.js'

/** One branch and the files at its tip. */
export interface MemoryBranch {
  /** Oldest first. */
  readonly commits: RecordedCommit[]
  /** The content of each file, by its path. */
  readonly tree: Map<string, Uint8Array>
  /** Writes the files of one commit into `tree`. */
  readonly apply: Tree['apply']
}

/** A repository in this process; backends that share one are writers to the same remote. */
export interface MemoryRepository {
  /** By name; only branches that a backend was created for. */
  readonly branches: Map<string, MemoryBranch>
}

/**
 * An empty repository, to share between memory backends.
 *
 * @example
 * const repository = createMemoryRepository()
 * const [one, other] = [createMemoryBackend({ repository }), createMemoryBackend({ repository })]
 */
export const createMemoryRepository = (): MemoryRepository => ({ branches: new Map() })

/** The branch of that name, created if it is missing. */
export function branchOf({ branches }: MemoryRepository, name: string): MemoryBranch {
  const branch = branches.get(name) ?? createBranch()
  branches.set(name, branch)
  return branch
}

function createBranch(): MemoryBranch {
  const tree = new Map<string, Uint8Array>()
  return { commits: [], tree, apply: createTree(tree).apply }
}
