import type { Context, Middleware } from 'koa'
import { networkOf } from '../../../limits/peers.js'
import type { Policy, Usage } from '../../../limits/policies.js'
import { problem } from '../../errors.js'

/** Limits the requests of each client. */
export function limitRate(policy: Policy): Middleware {
  return function rateLimit(context, next) {
    applyUsage(context, policy.take(clientKey(context)))
    return next()
  }
}

/**
 * Reports the rest of a quota (IETF draft RateLimit headers), unless less is left of one that was reported before, and
 * rejects the request if it is used up.
 */
export function applyUsage(context: Context, usage: Usage, message?: string): void {
  const { policy, isAllowed, remaining, resetMs, retryMs } = usage
  const reported: Usage | undefined = context.state.usage
  if (!isAllowed || !reported || remaining < reported.remaining) {
    context.state.usage = usage
    context.set('RateLimit-Policy', `"${policy.name}";q=${policy.quota};w=${policy.seconds}`)
    context.set('RateLimit', `"${policy.name}";r=${remaining};t=${toSeconds(resetMs)}`)
  }
  if (isAllowed) return
  throw problem('rate_limited', {
    headers: { 'Retry-After': String(Math.max(1, toSeconds(retryMs))) },
    ...(message !== undefined && { message }),
  })
}

const toSeconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000)

/** Who a request counts for: its account or token or, without one, its peer's network. */
export const clientKey = (context: Context): string => context.state.token?.key ?? peerKey(context)

/** What the limits of the peer are counted by, whatever its token. */
export const peerKey = ({ state }: Context): string => `peer ${networkOf(state.peer)}`
