import { type AppendRequest, type GitBackend, GitSyncError } from '@gitmsg/git-sync'

/** Publishes, or does not. */
type AroundPublishing = <Result>(publish: () => Promise<Result>, request: AppendRequest) => Promise<Result>

/** How many faults a backend injected. */
export interface FaultCount {
  faults: number
}

/** Puts something around every publication. */
export function aroundPublishing(backend: GitBackend, around: AroundPublishing): GitBackend {
  return {
    ...backend,
    async prepare(request, options) {
      const { hashes, publish } = await backend.prepare(request, options)
      return { hashes, publish: (options) => around(() => publish(options), request) }
    },
  }
}

/** Publishes and then loses the response; works the second time. */
export const dieAfterPublishing = (backend: GitBackend, count: FaultCount): GitBackend =>
  aroundPublishing(backend, async (publish) => {
    const published = await publish()
    if (count.faults > 0) return published
    count.faults += 1
    throw new GitSyncError('unknown-outcome', 'the response was lost')
  })

/** A remote with a rule of its own: rejects every request in which a file matches. */
export const reject = (
  backend: GitBackend,
  isRejected: (content: string) => boolean,
  count: FaultCount = { faults: 0 },
): GitBackend =>
  aroundPublishing(backend, async (publish, request) => {
    const files = request.commits.flatMap((commit) => commit.files)
    if (!files.some(({ content }) => isRejected(String(content)))) return publish()
    count.faults += 1
    throw new GitSyncError('rejected', 'pre-receive hook declined')
  })
