import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type GitObjects, openGitObjects } from './git-objects.js'

/** Where a branch is, and where it was before its last move. */
interface FakeBranch {
  readonly head: string | null
  readonly before: string | null
}

/** The repository behind the fake. */
export interface FakeRepository {
  readonly objects: GitObjects
  readonly defaultBranch: string
  /** Whether it never had a branch. */
  isEmpty(): Promise<boolean>
  branch(name: string): Promise<FakeBranch>
  /** Moves a branch by compare-and-swap; false if it was not at `from`. */
  move(name: string, from: string | null, to: string): Promise<boolean>
}

const NO_COMMIT = '0'.repeat(40)

/** Creates a bare repository in a folder. */
export async function createFakeRepository(
  directory: string,
  defaultBranch: string,
): Promise<FakeRepository> {
  const objects = openGitObjects(directory)
  const before = new Map<string, string | null>()
  let isEmpty = true
  await objects.git('init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`)

  const headOf = async (name: string): Promise<string | null> => {
    const loose = await readFile(join(directory, 'refs', 'heads', name), 'utf8').catch(() => null)
    const found = loose ?? (await objects.git('rev-parse', '--verify', `refs/heads/${name}`).catch(() => ''))
    return found.trim() || null
  }

  return {
    objects,
    defaultBranch,
    async isEmpty() {
      isEmpty &&= (await objects.git('for-each-ref', '--count=1')) === ''
      return isEmpty
    },
    async branch(name) {
      const head = await headOf(name)
      return { head, before: before.has(name) ? (before.get(name) ?? null) : head }
    },
    async move(name, from, to) {
      try {
        await objects.git('update-ref', `refs/heads/${name}`, to, from ?? NO_COMMIT)
      } catch {
        return false
      }
      before.set(name, from)
      return true
    },
  }
}
