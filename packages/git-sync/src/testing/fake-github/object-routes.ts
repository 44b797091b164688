import { errorResponse, NOT_FOUND } from './fake-response.js'
import type { FakeRoute } from './fake-route.js'
import { type RawSignature, readCommitObject, writeCommit } from './git-commits.js'
import { changeTree, readEntries, type TreeChange } from './git-trees.js'

const TYPES: Readonly<Record<string, string>> = { '40000': 'tree', '160000': 'commit' }
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

interface NewEntry {
  readonly path: string
  readonly mode: string
  readonly sha?: string | null
  readonly content?: string
}

/** Blobs, trees and commits. */
export const objectRoutes: readonly FakeRoute[] = [
  {
    method: 'POST',
    route: '/repos/{owner}/{repo}/git/blobs',
    needsCommits: true,
    async respond({ repository, body }) {
      const encoding = body.encoding === 'base64' ? 'base64' : 'utf8'
      const sha = await repository.objects.write('blob', Buffer.from(String(body.content), encoding))
      return { status: 201, body: { sha, url: '' } }
    },
  },
  {
    method: 'GET',
    route: '/repos/{owner}/{repo}/git/blobs/{file_sha}',
    needsCommits: true,
    async respond({ repository, variables }) {
      const object = await repository.objects.read(variables.file_sha ?? '')
      if (object?.type !== 'blob') return NOT_FOUND
      const { content } = object
      const body = { sha: variables.file_sha, size: content.byteLength, encoding: 'base64' }
      return { status: 200, body: { ...body, content: content.toString('base64').replace(/.{60}/g, '$&\n') } }
    },
  },
  {
    method: 'POST',
    route: '/repos/{owner}/{repo}/git/trees',
    needsCommits: true,
    async respond({ repository: { objects }, body }) {
      const entries = body.tree as NewEntry[]
      if (entries.length === 0) return errorResponse(422, 'Invalid tree info')
      const base = (body.base_tree as string | undefined) ?? null
      if (base !== null && (await objects.read(base))?.type !== 'tree') return NOT_FOUND
      const changes: TreeChange[] = []
      for (const { path, mode, sha, content } of entries) {
        if (sha && !(await objects.read(sha)))
          return errorResponse(422, `tree.sha ${sha} is not a valid blob`)
        const written = content === undefined ? sha : await objects.write('blob', Buffer.from(content))
        if (written === undefined) return errorResponse(422, 'Must supply either tree.sha or tree.content')
        changes.push({ path, mode, sha: written })
      }
      const tree = await changeTree(objects, base, changes)
      return tree === null || tree === EMPTY_TREE
        ? errorResponse(422, 'GitRPC::BadObjectState')
        : { status: 201, body: { sha: tree, truncated: false } }
    },
  },
  {
    method: 'GET',
    route: '/repos/{owner}/{repo}/git/trees/{tree_sha}',
    needsCommits: true,
    async respond({ repository: { objects }, variables }) {
      const sha = variables.tree_sha ?? ''
      if ((await objects.read(sha))?.type !== 'tree') return NOT_FOUND
      const tree = (await readEntries(objects, sha)).map(async (entry) => {
        const type = TYPES[entry.mode] ?? 'blob'
        const size = type === 'blob' ? await objects.size(entry.sha) : undefined
        return { path: entry.name, mode: entry.mode.padStart(6, '0'), type, sha: entry.sha, size }
      })
      return { status: 200, body: { sha, tree: await Promise.all(tree), truncated: false } }
    },
  },
  {
    method: 'POST',
    route: '/repos/{owner}/{repo}/git/commits',
    needsCommits: true,
    async respond({ repository: { objects }, body }) {
      const { tree, parents, message } = body as { tree: string; parents: string[]; message: string }
      if (tree !== EMPTY_TREE && (await objects.read(tree))?.type !== 'tree') {
        return errorResponse(422, 'Tree SHA does not exist')
      }
      for (const parent of parents) {
        if (await readCommitObject(objects, parent)) continue
        return errorResponse(422, 'Parent SHA does not exist or is not a commit object')
      }
      const sha = await writeCommit(objects, {
        tree: tree === EMPTY_TREE ? await objects.write('tree', Buffer.alloc(0)) : tree,
        parents,
        message,
        author: body.author as RawSignature,
        committer: body.committer as RawSignature,
      })
      return { status: 201, body: { sha, tree: { sha: tree }, message } }
    },
  },
  {
    method: 'GET',
    route: '/repos/{owner}/{repo}/git/commits/{commit_sha}',
    needsCommits: true,
    async respond({ repository, variables }) {
      const commit = await readCommitObject(repository.objects, variables.commit_sha ?? '')
      if (!commit) return NOT_FOUND
      const parents = commit.parents.map((sha) => ({ sha }))
      return {
        status: 200,
        body: { sha: commit.sha, tree: { sha: commit.tree }, parents, message: commit.message },
      }
    },
  },
]
