import type { Middleware } from 'koa'
import { HttpProblem } from '../../http-problem.js'

const MAX_HEADERS = 64
/** Node.js lets others pass. */
const VERSIONS: readonly string[] = ['1.0', '1.1']

/** Headers that say one thing; of two, Node.js would keep one or join both, and others might see the other. */
const SINGLE: readonly string[] = [
  'authorization',
  'content-encoding',
  'content-type',
  'expect',
  'idempotency-key',
  'origin',
  'sec-fetch-site',
]

/** Refuses a request of another version, or whose headers are too many, ambiguous, or ask for what is not done here. */
export const guardRequest: Middleware = (context, next) => {
  if (!VERSIONS.includes(context.req.httpVersion)) {
    throw new HttpProblem(400, 'invalid_request', 'This is not HTTP/1.1.')
  }
  const names = context.req.rawHeaders.filter((_, index) => index % 2 === 0)
  if (names.length > MAX_HEADERS) {
    throw new HttpProblem(431, 'headers_too_large', `There must not be over ${MAX_HEADERS} headers.`)
  }
  const single = names.map((name) => name.toLowerCase()).filter((name) => SINGLE.includes(name))
  if (new Set(single).size < single.length) {
    throw new HttpProblem(400, 'invalid_header', 'A header is given twice.')
  }
  const expectation = context.get('Expect')
  if (expectation && expectation.toLowerCase() !== '100-continue') {
    throw new HttpProblem(417, 'expectation_failed', 'The only expectation that is met is 100-continue.')
  }
  return next()
}
