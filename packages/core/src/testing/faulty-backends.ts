import { type AppendRequest, type GitBackend, GitSyncError } from '@gitmsg/git-sync'

/** Publishes, and then dies before anybody hears of it; the second time it works. */
export function dieAfterPublishing(backend: GitBackend): GitBackend & { deaths: number } {
  const faulty = {
    ...backend,
    deaths: 0,
    async append(request: AppendRequest) {
      const hashes = await backend.append(request)
      if (faulty.deaths > 0) return hashes
      faulty.deaths += 1
      throw new GitSyncError('unknown-outcome', 'the answer was lost')
    },
  }
  return faulty
}

/** A remote with a rule of its own: refuses every append in which some file matches. */
export function refuse(
  backend: GitBackend,
  isRefused: (content: string) => boolean,
): GitBackend & { refusals: number } {
  const faulty = {
    ...backend,
    refusals: 0,
    append(request: AppendRequest) {
      const files = request.commits.flatMap((commit) => commit.files)
      if (!files.some(({ content }) => isRefused(String(content)))) return backend.append(request)
      faulty.refusals += 1
      return Promise.reject(new GitSyncError('rejected', 'pre-receive hook declined'))
    },
  }
  return faulty
}
