import { createHash } from 'node:crypto'
import type { Context } from 'koa'
import type { Identity } from '../access/access.js'

/** What the engine accepts as a key. */
const KEY = /^[!-~]{1,128}$/

/**
 * The idempotency key of a request. Those of an account are its own: no one else can use one up first, or find out that
 * it was used.
 */
export function idempotencyKeyOf({ headers, state }: Context): string | undefined {
  const key = headers['idempotency-key'] as string | undefined
  const identity: Identity | null = state.token
  if (key === undefined || !identity?.account || !KEY.test(key)) return key
  return createHash('sha256').update(`${identity.name} ${key}`).digest('hex')
}
