import { abortedError, throwIfAborted } from '../aborted.js'
import { GitSyncError } from '../git-sync-error.js'
import type { Logger } from '../logger.js'
import type { Address } from './address.js'
import { type GithubCall, isWrite } from './github-call.js'
import { githubFailure } from './github-failure.js'
import type { OctokitAnswer, OctokitLike } from './octokit-like.js'
import type { OctokitLog } from './octokit-log.js'
import type { Pacer } from './pace.js'
import type { Quote } from './quote.js'
import { type Refusal, refusalOf } from './refusal.js'
import type { Timeouts } from './timeouts.js'
import { untilReset, waitAskedFor } from './waiting.js'
import { DeadlineError, withinDeadline } from './within-deadline.js'

/** Sends calls, one request each: nothing is ever sent a second time here, and nothing waits. */
export interface GithubClient {
  /**
   * Throws `rate-limited`, without sending anything, while GitHub has told us to wait; `unavailable` for what
   * has no clear answer, which may still have happened.
   */
  send<Answer>(call: GithubCall<Answer>, signal: AbortSignal): Promise<Answer>
  /** Throws `rate-limited` unless so many writes may be sent now, one after the other. */
  assertMayWrite(writes: number): void
}

/** What {@link createGithubClient} needs. */
export interface GithubClientOptions {
  readonly octokit: OctokitLike
  readonly address: Address
  readonly timeouts: Timeouts
  readonly pacer: Pacer
  readonly logger: Logger
  readonly quote: Quote
  /** Given to each request: an Octokit of the caller's would print what it is warned of. */
  readonly log: OctokitLog
  readonly clock: () => number
}

/** A client for one repository. */
export function createGithubClient(options: GithubClientOptions): GithubClient {
  const { octokit, address, timeouts, pacer, logger, quote, log, clock } = options
  let notBefore = Number.NEGATIVE_INFINITY
  let limitsInARow = 0

  const assertNotWaiting = (): void => {
    const wait = notBefore - clock()
    if (wait > 0) throw rateLimited('GitHub has asked for a pause', wait)
  }

  const waitFor = (milliseconds: number): void => {
    notBefore = Math.max(notBefore, clock() + milliseconds)
  }

  const exchange = async (call: GithubCall<unknown>, outer: AbortSignal): Promise<OctokitAnswer> => {
    const milliseconds = isWrite(call) ? timeouts.write : timeouts.read
    try {
      return await withinDeadline({ signal: outer, milliseconds }, (signal) =>
        octokit.request(call.route, { ...address, ...call.parameters, request: { signal, log } }),
      )
    } catch (error) {
      if (outer.aborted) throw abortedError()
      const response = (error as { response?: OctokitAnswer }).response
      if (response) return response
      throw new GitSyncError('unavailable', `GitHub did not answer (${whyNot(error)})`)
    }
  }

  const refuse = <Answer>({ otherwise }: GithubCall<Answer>, refusal: Refusal): Answer => {
    const wait = waitAskedFor(refusal, limitsInARow)
    if (wait === null) {
      const answer = otherwise?.(refusal)
      if (answer === undefined) throw githubFailure(refusal)
      return answer
    }
    limitsInARow += 1
    waitFor(wait)
    throw rateLimited(`GitHub's limits are reached (${refusal.status} ${refusal.message})`, wait)
  }

  return {
    async send(call, signal) {
      throwIfAborted(signal)
      assertNotWaiting()
      if (isWrite(call)) pacer.count()
      const answered = await exchange(call, signal)
      const { status, data, headers } = answered
      logger.debug({ call: call.route, status }, 'GitHub answered')
      waitFor(untilReset(headers) ?? 0)
      if (status >= 400) return refuse(call, refusalOf(answered, quote))
      limitsInARow = 0
      const answer = call.read(data, headers)
      if (answer === undefined) {
        throw new GitSyncError('unavailable', `GitHub's answer (status ${status}) cannot be understood`)
      }
      return answer
    },

    assertMayWrite(writes) {
      assertNotWaiting()
      const wait = pacer.waitFor(writes)
      if (wait === Number.POSITIVE_INFINITY) {
        throw new GitSyncError('invalid-change', `${writes} writes at once are more than GitHub allows`)
      }
      if (wait > 0) throw rateLimited('the pace that GitHub allows is kept by waiting', wait)
    },
  }
}

const rateLimited = (message: string, wait: number): GitSyncError =>
  new GitSyncError('rate-limited', message, { retryAfter: Math.ceil(wait) })

/** A system's error code at most: the texts of errors may hold what was sent. */
function whyNot(error: unknown): string {
  if (error instanceof DeadlineError) return error.message
  const causes = [error, (error as Error).cause, ((error as Error).cause as Error | undefined)?.cause]
  const codes = causes.map((cause) => (cause as { code?: unknown } | undefined)?.code)
  return String(
    codes.find((code) => typeof code === 'string' && /^[A-Z0-9_]+$/.test(code)) ?? 'no connection',
  )
}
