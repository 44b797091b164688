import type { Middleware } from 'koa'
import { problem } from '../../errors.js'

const MAX_HEADERS = 64
/** Node.js accepts others. */
const HTTP_VERSIONS: readonly string[] = ['1.0', '1.1']

/** Headers that must not be repeated: Node.js keeps one or joins them, and a proxy may do otherwise. */
const UNIQUE_HEADERS: readonly string[] = [
  'authorization',
  'content-encoding',
  'content-type',
  'expect',
  'idempotency-key',
  'origin',
  'sec-fetch-site',
]

/** Rejects other HTTP versions, too many or repeated headers, and unsupported expectations. */
export const guardRequest: Middleware = (context, next) => {
  if (!HTTP_VERSIONS.includes(context.req.httpVersion)) {
    throw problem('invalid_request', { message: 'The request must be HTTP/1.1.' })
  }
  const names = context.req.rawHeaders.filter((_, index) => index % 2 === 0)
  if (names.length > MAX_HEADERS) throw problem('headers_too_large')
  const unique = names.map((name) => name.toLowerCase()).filter((name) => UNIQUE_HEADERS.includes(name))
  if (new Set(unique).size < unique.length) {
    throw problem('invalid_header', { message: 'A header is repeated.' })
  }
  const expectation = context.get('Expect')
  if (expectation && expectation.toLowerCase() !== '100-continue') throw problem('expectation_failed')
  return next()
}
