import { Octokit } from '@octokit/rest'
import { assertBranchName } from '../branch-name.js'
import type { GitBackend } from '../git-backend.js'
import { silentLogger } from '../logger.js'
import { createOperations } from '../operations.js'
import { assertOptions } from '../options.js'
import { assertToken, parseApiUrl, parseRepository, webAddress } from './address.js'
import { createPrepare } from './append-commits.js'
import { createBatchSize } from './batch-size.js'
import { openBranch } from './branch.js'
import { createChangesSince } from './changes-since.js'
import { createComparisons } from './comparisons.js'
import { createGithubClient } from './github-client.js'
import type { GithubBackendOptions } from './github-options.js'
import { createOctokitLog, type OctokitLog } from './octokit-log.js'
import { createPacer, DEFAULT_PACE } from './pace.js'
import { createQuote } from './quote.js'
import { createRepository } from './repository.js'
import { createStaleness } from './staleness.js'
import { DEFAULT_TIMEOUTS } from './timeouts.js'
import { createTrees } from './trees.js'

const PUBLIC_API = 'https://api.github.com'
/** The version of GitHub's API whose answers are understood here. */
const API_VERSION = '2022-11-28'

/**
 * A {@link GitBackend} on a repository of GitHub, reached through its REST API: needs a token, no git and no folder.
 *
 * Checks its options, and throws `misconfigured`, at once; sends nothing until the first operation. Never waits
 * and never sends anything a second time by itself: `rate-limited` says when to come back, `unavailable` that
 * nothing was published. A repository without any commit gets one commit beneath the first that is appended,
 * since GitHub lets it begin in no other way; `changesSince` yields it like any other.
 */
export function createGithubBackend(options: GithubBackendOptions): GitBackend {
  assertOptions(options)
  const { branch: name = 'main', logger = silentLogger, clock = () => performance.now() } = options
  assertBranchName(name)
  assertToken(options.token)
  const address = parseRepository(options.repository)
  const quote = createQuote(options.token)
  const log = createOctokitLog(logger, quote)
  const octokit = options.octokit ?? createOctokit(options, log)
  const remote = webAddress(parseApiUrl(octokit.request.endpoint.DEFAULTS.baseUrl), address)

  const pacer = createPacer({ ...DEFAULT_PACE, ...options.pace }, clock)
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts }
  const client = createGithubClient({ octokit, address, timeouts, pacer, logger, quote, log, clock })
  const repository = createRepository(client, logger)
  const comparisons = createComparisons(client)
  const staleness = createStaleness(clock)
  const branch = openBranch({ client, name, repository, comparisons, staleness, logger })
  const trees = createTrees(client)
  const batchSize = createBatchSize()
  const ofCursor = createStaleness(clock)
  const changesSince = createChangesSince({ client, branch, comparisons, trees, staleness: ofCursor })
  const operations = createOperations({ open: repository.open, failed: async (error) => error })
  const prepare = createPrepare({ client, branch, repository, operations, trees, batchSize })
  const close = async (): Promise<void> => operations.endAll()

  return {
    info: {
      name: 'github',
      branch: name,
      remote,
      get limits() {
        return batchSize.limits
      },
      preparesAhead: false,
    },

    head: ({ signal } = {}) => operations.perform(signal, branch.head),

    prepare,

    changesSince: (cursor, { signal: outer, ...reading } = {}) =>
      operations.stream(outer, (signal) => changesSince(cursor, { ...reading, signal })),

    close,
    [Symbol.asyncDispose]: close,
  }
}

function createOctokit(
  { baseUrl = PUBLIC_API, token, authStrategy, auth }: GithubBackendOptions,
  log: OctokitLog,
): Octokit {
  const octokit = new Octokit({
    baseUrl: parseApiUrl(baseUrl),
    userAgent: 'gitmsg',
    ...(authStrategy ? { authStrategy, auth } : { auth: token }),
    log,
    request: { log },
  })
  octokit.hook.before('request', (request) => {
    request.headers['x-github-api-version'] = API_VERSION
  })
  return octokit
}
