import type { Middleware } from 'koa'
import bodyParser from 'koa-bodyparser'
import { hasDuplicateKey } from '../duplicate-key.js'
import { HttpProblem } from '../http-problem.js'

/** Largest body, in bytes. */
const MAX_BODY = 64 * 1024

/** Reads the body as bytes: decoding them leniently, as a parser does by default, would alter what was sent. */
const readBytes = bodyParser({
  enableTypes: ['text'],
  extendTypes: { text: ['application/json'] },
  textLimit: String(MAX_BODY),
  // The types do not know that no encoding means bytes.
  encoding: null as unknown as string,
})

const decoder = new TextDecoder('utf-8', { fatal: true })

/** Media type parameters, each a name and a value, or nothing. */
const PARAMETERS = /^(?:\s*;(?:\s*[\w-]+=(?:[\w.+/-]*|"[\w.+/-]*"))?)*\s*$/
/** What the parser knows, of all spellings that say it. */
const PLAIN = { 'content-type': 'application/json', 'content-encoding': 'identity' }

/** Puts the JSON of the body into `context.state.json`; refuses what is not exactly JSON in UTF-8. */
export const readJson: Middleware = (context, next) => {
  assertPlainJson(context.get('Content-Type').toLowerCase())
  assertPlainBytes(context.get('Content-Encoding'), context.get('Transfer-Encoding'))
  if (Number(context.get('Content-Length')) > MAX_BODY) {
    throw new HttpProblem(413, 'body_too_large', 'The body must not be over 64 KiB.')
  }
  if (context.get('Expect') && context.req.httpVersion === '1.1') context.res.writeContinue()
  Object.assign(context.req.headers, PLAIN)
  return readBytes(context, () => {
    context.state.json = parse(context.request.body)
    return next()
  })
}

function assertPlainJson(contentType: string): void {
  const type = /^[^;\s]*/.exec(contentType)?.[0] ?? ''
  const parameters = contentType.slice(type.length)
  if (type !== 'application/json' || !PARAMETERS.test(parameters)) {
    throw new HttpProblem(415, 'unsupported_media_type', 'The body must be application/json.')
  }
  const charsets = [...parameters.matchAll(/;\s*charset="?([^";\s]*)/g)]
  if (!charsets.every(([, charset]) => charset === 'utf-8' || charset === 'utf8')) {
    throw new HttpProblem(415, 'unsupported_charset', 'The body must be in UTF-8.')
  }
}

function assertPlainBytes(contentEncoding: string, transferEncoding: string): void {
  const isPlain = /^(?:identity)?$/i.test(contentEncoding) && /^(?:chunked)?$/i.test(transferEncoding)
  if (!isPlain) throw new HttpProblem(415, 'unsupported_encoding', 'The body must not be compressed.')
}

function parse(body: unknown): unknown {
  const text = decode(Buffer.isBuffer(body) ? body : Buffer.alloc(0))
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new HttpProblem(400, 'invalid_json', 'The body is not JSON.')
  }
  if (hasDuplicateKey(text)) throw new HttpProblem(400, 'duplicate_key', 'A field is given twice.')
  return json
}

function decode(body: Buffer): string {
  try {
    return decoder.decode(body)
  } catch {
    throw new HttpProblem(400, 'invalid_utf8', 'The body is not UTF-8.')
  }
}
