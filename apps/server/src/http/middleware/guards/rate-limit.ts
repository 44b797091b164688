import { isIPv6 } from 'node:net'
import type { Context, Middleware } from 'koa'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { RateLimit } from '../../../config/server-config.js'
import { problem } from '../../errors.js'

/** Limits the requests of each client, and reports the rest of its quota (IETF draft RateLimit headers). */
export function limitRate({ requests, seconds }: RateLimit): Middleware {
  const limiter = new RateLimiterMemory({ points: requests, duration: seconds })
  return async function rateLimit(context, next) {
    const usage = await limiter.consume(clientKey(context)).catch(toUsage)
    const resetSeconds = String(Math.ceil(usage.msBeforeNext / 1000))
    context.set('RateLimit-Policy', `"default";q=${requests};w=${seconds}`)
    context.set('RateLimit', `"default";r=${usage.remainingPoints};t=${resetSeconds}`)
    if (usage.consumedPoints > requests) {
      throw problem('rate_limited', { headers: { 'Retry-After': resetSeconds } })
    }
    return next()
  }
}

/** Over the limit, the limiter rejects with the result that it otherwise resolves with. */
function toUsage(reason: unknown): RateLimiterRes {
  if (reason instanceof RateLimiterRes) return reason
  throw reason
}

/** Who a request counts for: its token or, without one, its peer's network. */
export function clientKey({ state, socket }: Context): string {
  return state.token ? `token ${state.token.name}` : `peer ${networkOf(socket.remoteAddress ?? '')}`
}

/** An IPv6 client has a whole /64 network of addresses to choose from. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address
  const [head = ''] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  return [...groups, '0', '0', '0', '0'].slice(0, 4).join(':')
}
