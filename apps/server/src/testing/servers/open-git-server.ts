import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalBackend } from '@gitmsg/git-sync/local'
import { type AccountServerOptions, openAccountServer } from './open-account-server.js'

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024

/** A server with accounts whose history is a real repository. */
export async function openGitServer(options: AccountServerOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'gitmsg-repository-'))
  const gitDirectory = join(folder, 'repository.git')
  const backend = createLocalBackend({ directory: gitDirectory })
  const server = await openAccountServer({ ...options, backend })
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', gitDirectory, ...words], { encoding: 'latin1', maxBuffer: MAX_OUTPUT_BYTES })
  return {
    ...server,
    /** Everything that the repository has, once all is in it: every object, reachable or not, and every name. */
    async readRepository(): Promise<string> {
      await server.engine.sync()
      return git('cat-file', '--batch-all-objects', '--batch') + git('for-each-ref') + git('config', '--list')
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await backend.close()
      await rm(folder, { recursive: true })
    },
  }
}
