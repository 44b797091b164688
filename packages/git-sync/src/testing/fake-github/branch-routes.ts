import { errorResponse, type FakeResponse, NOT_FOUND } from './fake-response.js'
import type { FakeRoute, RouteRequest } from './fake-route.js'
import { readCommitObject, writeCommit } from './git-commits.js'
import type { GitObjects } from './git-objects.js'
import { changeTree } from './git-trees.js'

const SERVER = { name: 'GitHub', email: 'noreply@github.example' }
const HEADS = /^(?:refs\/)?heads\//

/** The repository itself, its branches, and the one request that can initialize it. */
export const branchRoutes: readonly FakeRoute[] = [
  {
    method: 'GET',
    route: '/repos/{owner}/{repo}',
    async respond({ repository, settings, variables }) {
      const { isPrivate, isArchived, isDisabled, mayPush } = settings
      const permissions = { admin: false, push: mayPush, pull: true }
      return {
        status: 200,
        body: {
          full_name: `${variables.owner}/${variables.repo}`,
          default_branch: repository.defaultBranch,
          private: isPrivate,
          archived: isArchived,
          disabled: isDisabled,
          permissions,
        },
      }
    },
  },
  {
    method: 'GET',
    route: '/repos/{owner}/{repo}/git/ref/{ref}',
    needsCommits: true,
    async respond(request) {
      const name = branchIn(request.variables.ref)
      const { head, before } = await request.repository.branch(name)
      const sha = request.isStale ? before : head
      return sha === null ? NOT_FOUND : { status: 200, body: reference(name, sha) }
    },
  },
  {
    method: 'POST',
    route: '/repos/{owner}/{repo}/git/refs',
    needsCommits: true,
    async respond({ repository, body }) {
      const sha = String(body.sha)
      const name = branchIn(String(body.ref))
      if (!(await readCommitObject(repository.objects, sha)))
        return errorResponse(422, 'Object does not exist')
      const moved = await repository.move(name, null, sha)
      return moved
        ? { status: 201, body: reference(name, sha) }
        : errorResponse(422, 'Reference already exists')
    },
  },
  {
    method: 'PATCH',
    route: '/repos/{owner}/{repo}/git/refs/{ref}',
    needsCommits: true,
    async respond({ repository, variables, body }) {
      const sha = String(body.sha)
      const name = branchIn(variables.ref)
      const { head } = await repository.branch(name)
      if (head === null) return errorResponse(422, 'Reference does not exist')
      const commit = await readCommitObject(repository.objects, sha)
      if (!commit) return errorResponse(422, 'Object does not exist')
      if (head === sha) return { status: 200, body: reference(name, sha) }
      const isForward = commit.parents.includes(head) || (await isAncestor(repository.objects, head, sha))
      if (!isForward && body.force !== true) return errorResponse(422, 'Update is not a fast forward')
      const moved = await repository.move(name, head, sha)
      return moved
        ? { status: 200, body: reference(name, sha) }
        : errorResponse(422, 'Reference cannot be updated')
    },
  },
  {
    method: 'PUT',
    route: '/repos/{owner}/{repo}/contents/{path}',
    respond: putContents,
  },
]

async function putContents({ repository, variables, body }: RouteRequest): Promise<FakeResponse> {
  const { objects, defaultBranch } = repository
  const name = String(body.branch ?? defaultBranch)
  const { head } = await repository.branch(name)
  if (head === null && !(await repository.isEmpty())) return errorResponse(404, `Branch ${name} not found`)
  const base = head === null ? null : ((await readCommitObject(objects, head))?.tree ?? null)
  const path = variables.path ?? ''
  const exists = base !== null && (await objects.git('ls-tree', base, '--', path)) !== ''
  if (exists && body.sha === undefined)
    return errorResponse(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
  const sha = await objects.write('blob', Buffer.from(String(body.content), 'base64'))
  const tree = String(await changeTree(objects, base, [{ path, mode: '100644', sha }]))
  const now = { ...SERVER, date: new Date().toISOString() }
  const parents = head === null ? [] : [head]
  const message = String(body.message)
  const commit = await writeCommit(objects, { tree, parents, message, author: now, committer: now })
  const moved = await repository.move(name, head, commit)
  return moved
    ? { status: 201, body: { content: { path, sha }, commit: { sha: commit, tree: { sha: tree } } } }
    : errorResponse(409, `is at another commit but expected ${head}`)
}

const isAncestor = async (objects: GitObjects, one: string, other: string): Promise<boolean> =>
  (await objects.git('merge-base', one, other).catch(() => '')).trim() === one

const branchIn = (ref = ''): string => ref.replace(HEADS, '')

const reference = (name: string, sha: string) => ({
  ref: `refs/heads/${name}`,
  object: { type: 'commit', sha },
})
