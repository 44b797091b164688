import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { RecordedCommit } from '../../git-backend.js'
import { watchMemory } from '../../testing/watch-memory.js'
import { withLocalFixture } from '../testing/local-fixture.js'

const KIBIBYTE_BYTES = 1024
const MEBIBYTE_BYTES = 1024 * KIBIBYTE_BYTES
const PART_BYTES = 2 * MEBIBYTE_BYTES
/** Far less than any of these commits holds, and about twice what reading takes. */
const MAX_GROWTH_BYTES = 128 * MEBIBYTE_BYTES
const run = promisify(execFile)

/** Writes one commit with these entries, all of which name the blob `:1`. */
async function commitEntries(directory: string, content: string, paths: Iterable<string>): Promise<void> {
  const git = run('git', ['-C', directory, 'fast-import', '--quiet'])
  const input = [`blob\nmark :1\ndata ${content.length}\n${content}\n`]
  input.push('commit refs/heads/main\ncommitter p <p@p> 1700000000 +0000\ndata 3\nbig\n')
  for (const path of paths) input.push(`M 100644 :1 ${path}\n`)
  git.child.stdin?.end(input.join(''))
  await git
}

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `messages/${index % 100}/${index}`)

describe('a commit that was pushed with', () => {
  // Covers IN-72
  it.each([
    ['1,000 entries of one 512 KiB blob', 'x'.repeat(512 * KIBIBYTE_BYTES), numbered(1_000)],
    ['20,000 small files', 'x', numbered(20_000)],
    ['one large file', 'x'.repeat(64 * MEBIBYTE_BYTES), ['messages/large']],
    ['a deep tree', 'x', [`messages/${'d/'.repeat(2_000)}file`]],
    ['long paths', 'x', numbered(200).map((path) => `messages/${`${'d'.repeat(200)}/`.repeat(400)}${path}`)],
  ])('%s is read in parts, with flat memory', (_name, content, paths) =>
    withLocalFixture(async ({ remote, open }) => {
      await commitEntries(remote, content, paths)
      const backend = open('copy.git')
      await backend.head()
      const memory = watchMemory()
      let files = 0
      let last: RecordedCommit | undefined
      for await (const commit of backend.changesSince(null, { compareWithHead: true })) {
        const bytes = commit.files.reduce(
          (sum, { path, content }) => sum + path.length + (content?.length ?? 0),
          0,
        )
        expect(commit.files.length).toBeLessThanOrEqual(500)
        expect(bytes).toBeLessThan(PART_BYTES)
        if (last) expect(last).toMatchObject({ hash: commit.hash, isContinued: true })
        files += commit.files.length
        last = commit
      }
      expect(last).not.toHaveProperty('isContinued')
      expect(files).toBe(paths.length)
      expect(memory.growth()).toBeLessThan(MAX_GROWTH_BYTES)
    })(),
  )
})
