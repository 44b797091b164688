import { join } from 'node:path'
import type { Backlog } from './fixtures.js'
import { copyTree } from './folders.js'
import { git, runScript } from './git.js'

const EXPORT = `
git -C "$1" update-ref refs/heads/exported "$2"
git -C "$1" fast-export --reference-excluded-parents --refspec=refs/heads/exported:refs/heads/main \\
  refs/heads/exported $4 > "$3"`

/** Writes the commits of a backlog, in such batches, each to a file that `git fast-import` reads. */
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
  let taken = 0
  for (const [index, size] of batches.entries()) {
    const parent = taken === 0 ? base : (commits[taken - 1] as string)
    taken += size
    const file = join(folder, `batch-${index}`)
    const last = commits[taken - 1] as string
    await runScript(EXPORT, [repository, last, file, parent === null ? '' : `^${parent}`])
    files.push(file)
  }
  if (taken !== commits.length) throw new Error(`${taken} of ${commits.length} commits were exported`)
  return files
}
