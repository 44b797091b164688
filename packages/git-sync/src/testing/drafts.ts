import type { CommitDraft, FileChange, GitBackend, ReadOptions, RecordedCommit } from '../git-backend.js'

const COMMITTER = { name: 'contract', email: 'contract@example.invalid' }

/** One file to write. Its default content is its path. */
export const file = (path: string, content: FileChange['content'] = path): FileChange => ({ path, content })

/** A commit of these files; the same arguments always make the same commit. */
export const draft = (message: string, ...files: FileChange[]): CommitDraft => ({
  message,
  author: { name: 'Ada Lovelace', email: 'ada@example.invalid' },
  authorDate: new Date('2025-01-09T00:06:41Z'),
  committer: COMMITTER,
  committerDate: new Date('2025-01-09T00:07:00Z'),
  files: files.length > 0 ? files : [file(`${message}.txt`)],
})

/** Everything that {@link GitBackend.changesSince} yields, in order. */
export async function readAll(
  backend: GitBackend,
  cursor: string | null = null,
  options: ReadOptions = {},
): Promise<RecordedCommit[]> {
  const commits: RecordedCommit[] = []
  for await (const commit of backend.changesSince(cursor, options)) commits.push(commit)
  return commits
}

/** The first lines of the commits after the cursor, oldest first. */
export const subjectsSince = async (backend: GitBackend, cursor: string | null = null): Promise<string[]> =>
  (await readAll(backend, cursor)).map(({ message }) => message.split('\n', 1)[0] ?? '')

/** The last of the hashes of an append. */
export function last(hashes: readonly string[]): string {
  const hash = hashes.at(-1)
  if (hash === undefined) throw new Error('there are no hashes')
  return hash
}
