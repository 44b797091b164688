import { abortedError, GitSyncError, throwIfAborted } from '../../git-sync-error.js'
import type { Logger } from '../../logger.js'
import { type ErrorResponse, githubFailure, readErrorResponse } from './failure.js'
import { type Fetch, limitResponse } from './limit-response.js'
import type { OctokitLike, OctokitLog, OctokitResponse, Sanitize } from './octokit.js'
import { type Pacer, requestedWait, waitUntilReset } from './pace.js'
import { type GithubRequest, isWrite } from './request.js'

/** How long to wait for one response, in milliseconds. GitHub itself gives up after ten seconds. */
export interface Timeouts {
  /** For reading. Default: 20,000. */
  readonly read: number
  /** For writing. Default: 30,000. */
  readonly write: number
}

export const DEFAULT_TIMEOUTS: Timeouts = { read: 20_000, write: 30_000 }

/** Sends requests; it never waits, and never sends one twice. */
export interface GithubClient {
  /**
   * Throws `rate-limited` without sending anything while GitHub has asked for a pause or the pace is reached, and
   * `unavailable` if there is no clear response: the request may have been carried out.
   */
  send<Result>(request: GithubRequest<Result>, signal: AbortSignal): Promise<Result>
  /** Throws `rate-limited` unless this many writes may be sent now, one after the other. */
  assertMayWrite(writes: number): void
}

/** What {@link createGithubClient} needs. */
export interface GithubClientOptions {
  readonly octokit: OctokitLike
  /** Fills in the route of every request. */
  readonly address: { readonly owner: string; readonly repo: string }
  readonly timeouts: Timeouts
  readonly pacer: Pacer
  readonly logger: Logger
  readonly sanitize: Sanitize
  /** Passed with each request, because the caller's Octokit would print its warnings. */
  readonly log: OctokitLog
  readonly clock: () => number
}

/** A client for one repository. */
export function createGithubClient(options: GithubClientOptions): GithubClient {
  const { octokit, address, timeouts, pacer, logger, sanitize, log, clock } = options
  let notBefore = Number.NEGATIVE_INFINITY
  let limitsInARow = 0

  function pauseFor(milliseconds: number): void {
    notBefore = Math.max(notBefore, clock() + milliseconds)
  }

  function assertNotPaused(): void {
    const wait = notBefore - clock()
    if (wait > 0) throw rateLimited('GitHub has asked for a pause', wait)
  }

  /** Prepared commits may be published at any time, so every single write is checked. */
  function countWrite(): void {
    const wait = pacer.waitForNext()
    if (wait > 0) throw rateLimited('no writes left at the pace that GitHub allows', wait)
    pacer.count()
  }

  async function exchange(request: GithubRequest<unknown>, outer: AbortSignal): Promise<OctokitResponse> {
    const milliseconds = isWrite(request) ? timeouts.write : timeouts.read
    try {
      return await withinDeadline({ signal: outer, milliseconds }, (signal) =>
        octokit.request(request.route, {
          ...address,
          ...request.parameters,
          request: { signal, log, fetch: limitResponse(fetchOf(octokit), request.minResponseLimitBytes) },
        }),
      )
    } catch (error) {
      if (outer.aborted) throw abortedError()
      const response = (error as { response?: OctokitResponse }).response
      if (response) return response
      const { cause } = error as Error
      if (cause instanceof GitSyncError) throw cause
      throw new GitSyncError('unavailable', `no response from GitHub (${failureReason(error)})`)
    }
  }

  function resolveError<Result>({ readError }: GithubRequest<Result>, response: ErrorResponse): Result {
    const wait = requestedWait(response, limitsInARow)
    if (wait === null) {
      const result = readError?.(response)
      if (result === undefined) throw githubFailure(response)
      return result
    }
    limitsInARow += 1
    pauseFor(wait)
    throw rateLimited(`GitHub's limits are reached (${response.status} ${response.message})`, wait)
  }

  return {
    async send(request, signal) {
      throwIfAborted(signal)
      assertNotPaused()
      if (isWrite(request)) countWrite()
      const response = await exchange(request, signal)
      const { status, data, headers } = response
      logger.debug({ route: request.route, status }, 'response from GitHub')
      pauseFor(waitUntilReset(headers) ?? 0)
      if (status >= 400) return resolveError(request, readErrorResponse(response, sanitize))
      limitsInARow = 0
      const result = request.read(data, headers)
      if (result === undefined) {
        throw new GitSyncError('unavailable', `unexpected response from GitHub (status ${status})`)
      }
      return result
    },

    assertMayWrite(writes) {
      assertNotPaused()
      const wait = pacer.waitForBatch(writes)
      if (wait === Number.POSITIVE_INFINITY) {
        throw new GitSyncError('invalid-change', `${writes} writes at once are more than GitHub allows`)
      }
      if (wait > 0) throw rateLimited('waiting keeps to the pace that GitHub allows', wait)
    },
  }
}

/** The one that the Octokit was created with. */
function fetchOf(octokit: OctokitLike): Fetch {
  const defaults: object = octokit.request.endpoint.DEFAULTS
  const { request } = defaults as { readonly request?: { readonly fetch?: Fetch } }
  return request?.fetch ?? (globalThis.fetch as Fetch)
}

const rateLimited = (message: string, wait: number): GitSyncError =>
  new GitSyncError('rate-limited', message, { retryAfter: Math.ceil(wait) })

/** At most a system's error code: the texts of errors may contain what was sent. */
function failureReason(error: unknown): string {
  if (error instanceof DeadlineError) return error.message
  const causes = [error, (error as Error).cause, ((error as Error).cause as Error | undefined)?.cause]
  const codes = causes.map((cause) => (cause as { code?: unknown } | undefined)?.code)
  return String(
    codes.find((code) => typeof code === 'string' && /^[A-Z0-9_]+$/.test(code)) ?? 'no connection',
  )
}

class DeadlineError extends Error {
  override readonly name = 'DeadlineError'
}

/**
 * Runs `work` with a signal that aborts with the caller's signal or at the deadline, and then rejects at once, even if
 * the work ignores its signal. Leaves no listener on the caller's signal, which may serve thousands of requests
 * (combined signals of Node.js 20 stay in memory).
 */
async function withinDeadline<Result>(
  { signal: outer, milliseconds }: { signal: AbortSignal; milliseconds: number },
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const { signal } = controller
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  const abort = (): void => controller.abort(outer.reason)
  const timer = setTimeout(() => controller.abort(new DeadlineError('timeout')), milliseconds)
  outer.addEventListener('abort', abort)
  try {
    return await Promise.race([work(signal), ended])
  } finally {
    clearTimeout(timer)
    outer.removeEventListener('abort', abort)
  }
}
