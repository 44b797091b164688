import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { git } from './shell.js'

let commits = 0

/**
 * Pushes a commit that adds a file, as another writer of the repository would.
 *
 * @param scratch a folder for the clone
 * @param options `onto`: the parent revision if it is not the tip; then the push is forced
 * @returns the commit's hash
 */
export function pushForeignCommit(remote: string, scratch: string, { onto }: { onto?: string } = {}): string {
  const clone = join(scratch, 'foreign-clone')
  git(scratch, 'clone', '--quiet', remote, clone)
  try {
    if (onto) git(clone, 'reset', '--quiet', '--hard', onto)
    commits += 1
    writeFileSync(join(clone, `foreign-${commits}.txt`), `by another writer, number ${commits}\n`)
    git(clone, 'add', '.')
    const author = ['-c', 'user.name=mallory', '-c', 'user.email=mallory@example.invalid']
    git(clone, ...author, 'commit', '--quiet', '--message', 'A commit of another writer')
    git(clone, 'push', '--quiet', ...(onto ? ['--force'] : []), 'origin', 'HEAD:main')
    return git(clone, 'rev-parse', 'HEAD')
  } finally {
    rmSync(clone, { recursive: true, force: true })
  }
}
