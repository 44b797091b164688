import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import type { GitBackend } from '../../git-backend.js'
import type { Logger } from '../../logger.js'
import { createFakeGithub, type FakeGithub, type FakeGithubOptions } from '../../testing/index.js'
import { createGithubBackend } from '../github-backend.js'
import type { GithubBackendOptions } from '../options.js'
import { createOpenApiCheck } from './openapi-check.js'

/** A fake GitHub that rejects what GitHub's own description does not allow, and backends on it. */
export interface GithubFixture {
  readonly github: FakeGithub
  /** Everything that the backends logged, as JSON. */
  readonly logged: readonly string[]
  /** The backends' clock in milliseconds; tests move it. */
  readonly time: { now: number }
  open(options?: Partial<GithubBackendOptions>): GitBackend
  /** Runs plain git in the repository and returns its output. */
  git(...args: string[]): Promise<string>
  [Symbol.asyncDispose](): Promise<void>
}

const run = promisify(execFile)
const check = createOpenApiCheck()

/** A fixture for one test; dispose of it with `await using`. */
export async function openGithubFixture(options: FakeGithubOptions = {}): Promise<GithubFixture> {
  const problems: string[] = []
  const github = await createFakeGithub({
    intercept(request) {
      const problem = check(request)
      if (problem === undefined) return undefined
      problems.push(problem)
      return { status: 422, body: { message: problem } }
    },
    ...options,
  })
  const logged: string[] = []
  const time = { now: 0 }
  const opened: GitBackend[] = []
  const log = (details: object, message: string) => void logged.push(JSON.stringify({ details, message }))
  const logger: Logger = { debug: log, info: log, warn: log, error: log }

  return {
    github,
    logged,
    time,
    open(given = {}) {
      const backend = createGithubBackend({
        repository: github.repository,
        baseUrl: github.url,
        token: github.settings.token,
        pace: { perMinute: Number.POSITIVE_INFINITY, perHour: Number.POSITIVE_INFINITY },
        clock: () => time.now,
        logger,
        ...given,
      })
      opened.push(backend)
      return backend
    },
    git: async (...args) =>
      (await run('git', ['-C', github.directory, ...args], { maxBuffer: 64 * 1024 * 1024 })).stdout.trim(),
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((backend) => backend.close()))
      await github.close()
      expect(problems).toEqual([])
    },
  }
}

/** The error with which an operation rejects. */
export const failureOf = (operation: Promise<unknown>) =>
  operation.then(
    () => expect.fail('it resolved'),
    (error) => error,
  )
