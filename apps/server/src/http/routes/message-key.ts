import type { RouterContext } from '@koa/router'
import { type HttpError, problem } from '../errors.js'

const MESSAGE_ID = /^[1-9]\d{0,14}$/
const MESSAGE_UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * The id or uid in the path of a request.
 *
 * @throws {HttpError} `not_found` if it can be neither
 */
export function keyOf(context: RouterContext): number | string {
  const key = String(context.params.key)
  if (MESSAGE_ID.test(key)) return Number(key)
  if (MESSAGE_UID.test(key)) return key
  throw noSuchMessage()
}

/** What a request for an unknown message receives. */
export const noSuchMessage = (): HttpError =>
  problem('not_found', { message: 'There is no message with this id or uid.' })
