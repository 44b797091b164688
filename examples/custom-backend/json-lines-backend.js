import { join } from 'node:path'
import { assertAppendRequest, assertBranchName, GitSyncError } from '@gitmsg/git-sync'
import { linesOf, recordedFile } from './commit-lines.js'
import { createTree } from './tree.js'
import { readLines, writeLines } from './write-once.js'

/**
 * A branch in a folder of JSON-lines files: each append is a file, each commit a line of it. The files are
 * numbered, and each number can be taken only once: that is the compare-and-swap. It needs no lock, and a writer
 * that dies leaves nothing behind but a temporary file.
 */
export function createJsonLinesBackend({ directory, branch = 'main' }) {
  assertBranchName(branch)
  const fileOf = (number) => join(directory, branch, `${String(number).padStart(8, '0')}.jsonl`)

  const nothing = () => ({ tree: createTree(), tip: null, next: 1 })
  /** What has been read of the branch: everything before the file `next`. */
  let known = nothing()

  async function catchUp(check) {
    for (;;) {
      check()
      const commits = await readLines(fileOf(known.next))
      if (!commits) return
      for (const { hash, files } of commits) {
        known.tree.apply(files)
        known.tip = hash
      }
      known.next += 1
    }
  }

  let isClosed = false
  const close = async () => {
    isClosed = true
  }
  /** What each operation calls at its beginning and between its steps. */
  const checkOf = (signal) => () => {
    if (isClosed || signal?.aborted) throw new GitSyncError('aborted', 'ended before anything was written')
  }

  return {
    name: 'json-lines',
    branch,
    remote: null,
    limits: { commits: 1000, filesPerCommit: 1, bytes: 16 * 1024 * 1024 },

    async head({ signal } = {}) {
      await catchUp(checkOf(signal))
      return known.tip
    },

    async append(request, { signal } = {}) {
      const check = checkOf(signal)
      check()
      assertAppendRequest(request)
      await catchUp(check)
      const stale = () => new GitSyncError('stale-head', `the branch is not at ${request.parent}`)
      if (request.parent !== known.tip) throw stale()
      const seen = known
      known = nothing() // to be read again, unless this succeeds: the tree has the new commits already
      const commits = linesOf(request, seen.tree)
      if (!(await writeLines(fileOf(seen.next), commits))) throw stale()
      known = { tree: seen.tree, tip: commits.at(-1).hash, next: seen.next + 1 }
      return commits.map(({ hash }) => hash)
    },

    async *changesSince(cursor, { signal, within, maxFileBytes = 1024 * 1024 } = {}) {
      const check = checkOf(signal)
      check()
      let isAfter = cursor === null
      for (let number = 1; ; number += 1) {
        const commits = await readLines(fileOf(number))
        if (!commits) break
        for (const { hash, message, files } of commits) {
          check()
          const wanted = files.filter(({ path }) => isWithin(path, within))
          if (isAfter) yield { hash, message, files: wanted.map((file) => recordedFile(file, maxFileBytes)) }
          else isAfter = hash === cursor
        }
      }
      if (!isAfter) throw new GitSyncError('unknown-cursor', 'the branch does not contain the cursor')
    },

    close,
    [Symbol.asyncDispose]: close,
  }
}

const isWithin = (path, within) =>
  within === undefined || within.some((folder) => path === folder || path.startsWith(`${folder}/`))
