import { Octokit } from '@octokit/rest'
import type { GitBackend } from '../git-backend.js'
import { silentLogger } from '../logger.js'
import { createOperations } from '../operations.js'
import { parseApiUrl, parseRepository, webAddress } from './address.js'
import { createGithubClient, DEFAULT_TIMEOUTS } from './api/client.js'
import { createOctokitLog, createSanitizer, type OctokitLog } from './api/octokit.js'
import { createPacer, DEFAULT_PACE } from './api/pace.js'
import { createTransport, type Transport } from './api/transport.js'
import { createBatchSize, createPrepare } from './append.js'
import { openBranch } from './branch.js'
import { createChangesSince } from './history/changes-since.js'
import { createComparisons } from './history/comparisons.js'
import { createReplicationLag } from './history/replication-lag.js'
import { createTrees } from './history/trees.js'
import { assertGithubOptions, type GithubBackendOptions } from './options.js'
import { createRepository } from './repository.js'

const PUBLIC_API = 'https://api.github.com'
/** The version of GitHub's API whose responses are understood here. */
const API_VERSION = '2022-11-28'

/**
 * A {@link GitBackend} on a GitHub repository, through GitHub's REST API: needs a token, no git and no folder.
 *
 * Checks its options at once and throws `misconfigured`; sends nothing before the first operation. It never waits and
 * never sends a request twice: `rate-limited` carries the time to wait, `unavailable` means that nothing was published.
 *
 * A repository without any commit gets one below the first that is prepared (`.gitkeep`, on its default branch),
 * because GitHub's API cannot start in another way; `changesSince` yields it like any other.
 *
 * @example
 * const backend = createGithubBackend({ repository: 'owner/name', token: process.env.GITHUB_TOKEN })
 * const [hash] = await append(backend, { parent: await backend.head(), commits })
 */
export function createGithubBackend(options: GithubBackendOptions): GitBackend {
  assertGithubOptions(options)
  const { branch: name = 'main', logger = silentLogger, clock = () => performance.now() } = options
  const address = parseRepository(options.repository)
  const sanitize = createSanitizer(options.token)
  const log = createOctokitLog(logger, sanitize)
  const { caFile, environment = {} } = options
  const url = parseApiUrl(options.baseUrl ?? PUBLIC_API)
  const transport = options.octokit ? null : createTransport({ url, environment, caFile })
  const octokit = options.octokit ?? createOctokit(options, { url, log, transport })
  const remote = webAddress(parseApiUrl(octokit.request.endpoint.DEFAULTS.baseUrl), address)

  const pacer = createPacer({ ...DEFAULT_PACE, ...options.pace }, clock)
  const timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts }
  const client = createGithubClient({ octokit, address, timeouts, pacer, logger, sanitize, log, clock })
  const repository = createRepository(client, logger)
  const comparisons = createComparisons(client)
  const branchLag = createReplicationLag(clock)
  const branch = openBranch({ client, name, repository, comparisons, lag: branchLag, logger })
  const trees = createTrees(client)
  const batchSize = createBatchSize()
  const cursorLag = createReplicationLag(clock)
  const changesSince = createChangesSince({ client, branch, comparisons, trees, lag: cursorLag })
  const operations = createOperations({ open: repository.open, failed: async (error) => error })
  const prepare = createPrepare({ client, branch, repository, operations, trees, batchSize })

  async function close(): Promise<void> {
    operations.endAll()
    await transport?.close()
  }

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
  { token, authStrategy, auth }: GithubBackendOptions,
  { url, log, transport }: { url: string; log: OctokitLog; transport: Transport | null },
): Octokit {
  const octokit = new Octokit({
    baseUrl: url,
    userAgent: 'gitmsg',
    ...(authStrategy ? { authStrategy, auth } : { auth: token }),
    log,
    request: { log, ...(transport && { fetch: transport.fetch }) },
  })
  octokit.hook.before('request', (request) => {
    request.headers['x-github-api-version'] = API_VERSION
  })
  return octokit
}
