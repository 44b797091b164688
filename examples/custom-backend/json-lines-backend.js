import { join } from 'node:path'
import {
  assertAppendRequest,
  assertBranchName,
  createTree,
  GitSyncError,
  hashCommit,
  recordCommit,
  selectFiles,
} from '@gitmsg/git-sync'
import { createFile, readCommits } from './commit-files.js'

/**
 * A branch in a folder of JSON-lines files: each append is a file, each commit a line of it. The files are numbered,
 * and each number can be taken only once: that is the compare-and-swap. It needs no lock, and a writer that dies
 * leaves nothing behind but a temporary file.
 */
export function createJsonLinesBackend({ directory, branch = 'main' }) {
  assertBranchName(branch)
  const fileOf = (number) => join(directory, branch, `${String(number).padStart(8, '0')}.jsonl`)
  const nothing = () => ({ tree: createTree(), tip: null, next: 1 })
  /** What has been read of the branch: everything before the file `next`. */
  let known = nothing()
  let isClosed = false

  /** Call before every step. */
  function check(signal) {
    if (isClosed || signal?.aborted)
      throw new GitSyncError('aborted', 'aborted before anything was published')
  }

  async function catchUp(signal) {
    for (;;) {
      check(signal)
      const commits = await readCommits(fileOf(known.next))
      if (!commits) return
      for (const { files } of commits) known.tree.apply(files)
      known.tip = commits.at(-1).hash
      known.next += 1
    }
  }

  async function publish({ parent, commits }, hashes, signal) {
    await catchUp(signal)
    const stale = () => new GitSyncError('stale-head', `the branch is not at ${parent}`)
    if (known.tip === hashes.at(-1)) return // published before
    if (known.tip !== parent) throw stale()
    const { tree, next } = known
    known = nothing() // the tree is about to change: unless this succeeds, the branch has to be read again
    const recorded = commits.map((draft, index) =>
      recordCommit(hashes[index], draft, tree.apply(draft.files)),
    )
    if (!(await createFile(fileOf(next), recorded))) throw stale()
    known = { tree, tip: hashes.at(-1), next: next + 1 }
  }

  async function close() {
    isClosed = true
  }

  return {
    info: {
      name: 'json-lines',
      branch,
      remote: null,
      limits: { commits: 1000, filesPerCommit: 1, bytes: 16 * 1024 * 1024 },
      preparesAhead: false, // preparing costs nothing here
    },

    async head({ signal } = {}) {
      await catchUp(signal)
      return known.tip
    },

    async prepare(request, { signal } = {}) {
      check(signal)
      assertAppendRequest(request)
      const hashes = []
      for (const draft of request.commits) hashes.push(hashCommit(hashes.at(-1) ?? request.parent, draft))
      return { hashes, publish: ({ signal } = {}) => publish(request, hashes, signal) }
    },

    async *changesSince(cursor, { signal, ...reading } = {}) {
      await catchUp(signal)
      let isAfter = cursor === null
      for (let number = 1; ; number += 1) {
        check(signal)
        const commits = await readCommits(fileOf(number))
        if (!commits) break
        for (const commit of commits) {
          check(signal)
          if (isAfter) yield selectFiles(commit, reading, known.tree.files)
          else isAfter = commit.hash === cursor
        }
      }
      if (!isAfter) throw new GitSyncError('unknown-cursor', 'the branch does not contain the cursor')
    },

    close,
    [Symbol.asyncDispose]: close,
  }
}
