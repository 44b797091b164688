import type { Context } from 'koa'
import { problem } from './errors.js'

/** A strong or weak entity tag (RFC 9110, 8.8.3); the header is decoded as Latin-1. */
const ENTITY_TAG = /^(W\/)?"([!#-~\u0080-\u00ff]*)"$/
const VERSION = /^[1-9]\d{0,14}$/
/** Not the version of any message. */
const NO_VERSION = 0

/**
 * The version that the message must have according to `If-Match`, which is compared strongly: 0, which no message has,
 * for a weak tag and for one that is not a version; `undefined` if any version will do.
 *
 * @throws {HttpError} `invalid_precondition` for anything but one entity tag or `*`
 */
export function expectedVersionOf({ req: { headers } }: Context): number | undefined {
  const header = headers['if-match']?.trim()
  if (header === undefined || header === '*') return undefined
  const [isTag, weak, tag = ''] = ENTITY_TAG.exec(header) ?? []
  if (isTag === undefined) throw problem('invalid_precondition')
  return weak === undefined && VERSION.test(tag) ? Number(tag) : NO_VERSION
}
