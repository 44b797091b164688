import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { GitBackend } from '../../git-backend.js'
import { createLocalBackend } from '../local-backend.js'
import type { LocalBackendOptions } from '../local-options.js'
import type { GitWrapper } from './git-wrapper.js'

/** A temporary folder, with a space in its name, and the backends that were opened in it. */
export interface LocalFixture {
  readonly folder: string
  /** An empty bare repository. */
  readonly remote: string
  /** A backend in a directory of that name, with the remote unless the options have another. A git wrapper has options, too. */
  open(name: string, options?: Partial<LocalBackendOptions> & Partial<GitWrapper>): GitBackend
  dispose(): Promise<void>
}

const run = promisify(execFile)

/** The output of plain git in a repository. */
export const plainGit = async (directory: string, ...args: string[]): Promise<string> =>
  (await run('git', ['-C', directory, ...args], { maxBuffer: 64 * 1024 * 1024 })).stdout

/** A fixture for one test. */
export async function createLocalFixture(): Promise<LocalFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'git sync '))
  const remote = join(folder, 'remote.git')
  await run('git', ['init', '--quiet', '--bare', remote])
  const opened: GitBackend[] = []
  return {
    folder,
    remote,
    open(name, { faults: _, ...options } = {}) {
      const backend = createLocalBackend({ directory: join(folder, name), remote, ...options })
      opened.push(backend)
      return backend
    },
    async dispose() {
      await Promise.all(opened.map((backend) => backend.close()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The body of a test that needs a fixture. */
export const withLocalFixture =
  (body: (fixture: LocalFixture) => Promise<void>) => async (): Promise<void> => {
    const fixture = await createLocalFixture()
    try {
      await body(fixture)
    } finally {
      await fixture.dispose()
    }
  }
