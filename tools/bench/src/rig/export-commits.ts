import { join } from 'node:path'
import type { Backlog } from '../data/fixtures.js'
import { copyTree } from '../data/folders.js'
import { git, runScript } from './git.js'

const EXPORT = `
git -C "$1" update-ref refs/heads/exported "$2"
git -C "$1" fast-export --reference-excluded-parents --refspec=refs/heads/exported:refs/heads/main \\
  refs/heads/exported $4 > "$3"`

/**
 * Writes the commits of a backlog as input for `git fast-import`, one file for each batch.
 *
 * @param batches the number of commits in each batch
 * @returns the paths of the files
 */
export async function exportCommits(
  { complete, base, tip }: Backlog,
  batches: readonly number[],
  folder: string,
): Promise<string[]> {
  const repository = join(folder, 'exporting.git')
  await copyTree(complete, repository)
  const range = base === null ? tip : `${base}..${tip}`
  const commits = (await git(repository, 'rev-list', '--reverse', range)).split('\n')
  const files: string[] = []
  let exported = 0
  for (const [index, size] of batches.entries()) {
    const parent = exported === 0 ? base : (commits[exported - 1] as string)
    exported += size
    const file = join(folder, `batch-${index}`)
    const last = commits[exported - 1] as string
    await runScript(EXPORT, [repository, last, file, parent === null ? '' : `^${parent}`])
    files.push(file)
  }
  if (exported !== commits.length) throw new Error(`${exported} of ${commits.length} commits were exported`)
  return files
}
