import { NOT_FOUND } from './fake-answer.js'
import { type FakeRoute, page } from './fake-route.js'
import { filesOfCommit, type RawCommit, readCommitObject } from './git-commits.js'
import type { GitObjects } from './git-objects.js'

const FILES_PER_PAGE = 300
const MOST_FILES = 3000

/** Lists of commits, and what they changed. */
export const historyRoutes: readonly FakeRoute[] = [
  {
    method: 'GET',
    route: '/repos/{owner}/{repo}/commits',
    needsCommits: true,
    async answer(call) {
      const { objects } = call.repository
      const hashes = await revisions(objects, call.query.sha ?? 'HEAD')
      const size = Number(call.query.per_page ?? 30)
      const { items, headers } = page(hashes, call, { size, path: '/commits' })
      return { status: 200, body: await listed(objects, items), headers }
    },
  },
  {
    method: 'GET',
    route: '/repos/{owner}/{repo}/commits/{ref}',
    needsCommits: true,
    async answer(call) {
      const { objects } = call.repository
      const commit = await readCommitObject(objects, call.variables.ref ?? '')
      if (!commit) return NOT_FOUND
      const found = (await filesOfCommit(objects, commit)).slice(0, MOST_FILES)
      const { items, headers } = page(found, call, { size: FILES_PER_PAGE, path: '/commits/x' })
      const files = call.settings.hasPatches ? items : items.map(({ patch, ...file }) => file)
      return { status: 200, body: { ...listedCommit(commit), files }, headers }
    },
  },
  {
    method: 'GET',
    route: '/repos/{owner}/{repo}/compare/{basehead}',
    needsCommits: true,
    async answer(call) {
      const { objects } = call.repository
      const [base = '', head = ''] = (call.variables.basehead ?? '').split('...')
      const known = [await readCommitObject(objects, base), await readCommitObject(objects, head)]
      const common = await objects.git('merge-base', base, head).catch(() => '')
      if (known.includes(null) || common === '') return NOT_FOUND
      const ahead = await revisions(objects, '--reverse', `${base}..${head}`)
      const behind = await revisions(objects, `${head}..${base}`)
      const size = Number(call.query.per_page ?? 250)
      const { items, headers } = page(ahead, call, { size, path: '/compare' })
      return {
        status: 200,
        headers,
        body: {
          status: relation(ahead.length, behind.length),
          ahead_by: ahead.length,
          behind_by: behind.length,
          total_commits: ahead.length,
          commits: await listed(objects, items),
        },
      }
    },
  },
]

function relation(ahead: number, behind: number): string {
  if (ahead > 0) return behind > 0 ? 'diverged' : 'ahead'
  return behind > 0 ? 'behind' : 'identical'
}

const revisions = async (objects: GitObjects, ...args: string[]): Promise<string[]> =>
  (await objects.git('rev-list', ...args)).split('\n').filter(Boolean)

async function listed(objects: GitObjects, hashes: readonly string[]) {
  const commits = await Promise.all(hashes.map((hash) => readCommitObject(objects, hash)))
  return commits.flatMap((commit) => (commit ? [listedCommit(commit)] : []))
}

const listedCommit = ({ sha, tree, parents, message, author, committer }: RawCommit) => ({
  sha,
  commit: { message, author, committer, tree: { sha: tree } },
  parents: parents.map((parent) => ({ sha: parent })),
})
