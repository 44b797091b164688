import { isIPv6 } from 'node:net'
import type { Context, Middleware } from 'koa'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { HttpProblem } from '../../http-problem.js'

/** So many requests in so many seconds, for each token and for each peer without one. */
export interface RateLimit {
  readonly requests: number
  readonly seconds: number
}

/** Refuses those who ask too often, and tells everybody what is left to them (IETF draft RateLimit headers). */
export function limitRate({ requests, seconds }: RateLimit): Middleware {
  const limiter = new RateLimiterMemory({ points: requests, duration: seconds })
  return async (context, next) => {
    const use = await limiter.consume(whoAsks(context)).catch(asUse)
    const wait = String(Math.ceil(use.msBeforeNext / 1000))
    context.set('RateLimit-Policy', `"default";q=${requests};w=${seconds}`)
    context.set('RateLimit', `"default";r=${use.remainingPoints};t=${wait}`)
    if (use.consumedPoints > requests) {
      const headers = { 'Retry-After': wait }
      throw new HttpProblem(429, 'rate_limited', 'Too many requests. Try again later.', { headers })
    }
    return next()
  }
}

/** The limiter rejects with what it would have answered. */
function asUse(reason: unknown): RateLimiterRes {
  if (reason instanceof RateLimiterRes) return reason
  throw reason
}

function whoAsks({ state, socket }: Context): string {
  return state.token ? `token ${state.token.name}` : `peer ${networkOf(socket.remoteAddress ?? '')}`
}

/** Whoever has one IPv6 address has the 2^64 of its network. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address
  const [head = ''] = address.split('::')
  const groups = head.split(':').filter(Boolean)
  return [...groups, '0', '0', '0', '0'].slice(0, 4).join(':')
}
