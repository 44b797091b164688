import { NOT_FOUND } from './fake-response.js'
import type { FakeRoute, RouteRequest } from './fake-route.js'
import { filesOfCommit, type RawCommit, readCommitObject } from './git-commits.js'
import type { GitObjects } from './git-objects.js'

const FILES_PER_PAGE = 300
const MAX_FILES = 3000

/** Lists of commits, and what they changed. */
export const historyRoutes: readonly FakeRoute[] = [
  {
    method: 'GET',
    route: '/repos/{owner}/{repo}/commits',
    needsCommits: true,
    async respond(request) {
      const { objects } = request.repository
      const hashes = await revisions(objects, request.query.sha ?? 'HEAD')
      const size = Number(request.query.per_page ?? 30)
      const { items, headers } = page(hashes, request, { size, path: '/commits' })
      return { status: 200, body: await listed(objects, items), headers }
    },
  },
  {
    method: 'GET',
    route: '/repos/{owner}/{repo}/commits/{ref}',
    needsCommits: true,
    async respond(request) {
      const { objects } = request.repository
      const commit = await readCommitObject(objects, request.variables.ref ?? '')
      if (!commit) return NOT_FOUND
      const found = (await filesOfCommit(objects, commit)).slice(0, MAX_FILES)
      const { items, headers } = page(found, request, { size: FILES_PER_PAGE, path: '/commits/x' })
      const files = request.settings.hasPatches ? items : items.map(({ patch, ...file }) => file)
      return { status: 200, body: { ...listedCommit(commit), files }, headers }
    },
  },
  {
    method: 'GET',
    route: '/repos/{owner}/{repo}/compare/{basehead}',
    needsCommits: true,
    async respond(request) {
      const { objects } = request.repository
      const [base = '', head = ''] = (request.variables.basehead ?? '').split('...')
      const known = [await readCommitObject(objects, base), await readCommitObject(objects, head)]
      const common = await objects.git('merge-base', base, head).catch(() => '')
      if (known.includes(null) || common === '') return NOT_FOUND
      const ahead = await revisions(objects, '--reverse', `${base}..${head}`)
      const behind = await revisions(objects, `${head}..${base}`)
      const size = Number(request.query.per_page ?? 250)
      const { items, headers } = page(ahead, request, { size, path: '/compare' })
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

/** A part of a list, with the `Link` header of the other parts. */
function page<Item>(
  items: readonly Item[],
  request: RouteRequest,
  { size, path }: { size: number; path: string },
): { items: Item[]; headers: Record<string, string> } {
  const number = Number(request.query.page ?? 1)
  const last = Math.max(1, Math.ceil(items.length / size))
  const link = (to: number, relation: string) => `<${request.url}${path}?page=${to}>; rel="${relation}"`
  const links = number < last ? [link(number + 1, 'next'), link(last, 'last')] : []
  return {
    items: items.slice((number - 1) * size, number * size),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  }
}
