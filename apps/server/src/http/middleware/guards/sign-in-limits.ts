import { AccountsError, isHandle } from '@gitmsg/accounts'
import type { Context } from 'koa'
import { createBucketPolicy, createWindowPolicy } from '../../../limits/policies.js'
import { applyUsage, peerKey } from './rate-limit.js'

/** Five wrong passwords, then one in five minutes. */
const ATTEMPTS_PER_HANDLE = 5
const HANDLE_SECONDS = 1_500
const ATTEMPTS_PER_PEER = 20
const PEER_SECONDS = 900
const TOO_MANY = 'Too many attempts. Try again later.'

/**
 * Limits attempts to sign in, before any password is checked. They are counted in memory: a person who can restart the server
 * needs no password.
 */
export interface SignInLimits {
  /** Makes an attempt with the password of an account. One that succeeds does not count for its handle. */
  withPassword<Result>(context: Context, handle: string, attempt: () => Promise<Result>): Promise<Result>
  /** Makes an attempt that only counts for the peer, such as using a link. */
  withoutPassword<Result>(context: Context, attempt: () => Promise<Result>): Promise<Result>
}

/** @param monotonic milliseconds of a clock that never goes back */
export function createSignInLimits(monotonic: () => number): SignInLimits {
  const handles = createBucketPolicy({
    ...{ name: 'sign-in', quota: ATTEMPTS_PER_HANDLE, seconds: HANDLE_SECONDS, monotonic },
  })
  const peers = createWindowPolicy({
    ...{ name: 'sign-in-peer', quota: ATTEMPTS_PER_PEER, seconds: PEER_SECONDS, monotonic },
  })

  return {
    async withPassword(context, given, attempt) {
      const handle = isHandle(given) ? given : ''
      applyUsage(context, peers.take(peerKey(context)), TOO_MANY)
      applyUsage(context, handles.take(handle), TOO_MANY)
      try {
        const result = await attempt()
        handles.giveBack(handle)
        return result
      } catch (error) {
        if (!isFailedAttempt(error)) handles.giveBack(handle)
        throw error
      }
    },
    async withoutPassword(context, attempt) {
      applyUsage(context, peers.take(peerKey(context)), TOO_MANY)
      return attempt()
    },
  }
}

const isFailedAttempt = (error: unknown): boolean =>
  error instanceof AccountsError && error.code === 'invalid-credentials'
