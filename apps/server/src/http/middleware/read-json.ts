import { isUtf8 } from 'node:buffer'
import type { Context, Middleware } from 'koa'
import bodyParser from 'koa-bodyparser'
import { problem } from '../errors.js'

const MAX_BODY_BYTES = 64 * 1024

const OPTIONS = {
  // The media type is checked here, in every spelling that HTTP allows; the parser knows fewer.
  detectJSON: () => true,
  jsonLimit: String(MAX_BODY_BYTES),
  // Any JSON value is read as it is: the engine rejects what is not a message, `__proto__` included.
  strict: false,
  onProtoPoisoning: 'ignore',
}
const parseBody = bodyParser(OPTIONS)

/** Media type parameters, each a name and a value, or nothing. */
const PARAMETERS = /^(?:\s*;(?:\s*[\w-]+=(?:[\w.+/-]*|"[\w.+/-]*"))?)*\s*$/

/** Reads the body into `context.request.body`. Rejects anything that is not exactly JSON in UTF-8. */
export const readJson: Middleware = async (context, next) => {
  assertJson(context.get('Content-Type').toLowerCase())
  assertNotEncoded(context)
  if (Number(context.get('Content-Length')) > MAX_BODY_BYTES) throw problem('body_too_large')
  if (context.get('Expect') && context.req.httpVersion === '1.1') context.res.writeContinue()
  await parseExactly(context)
  if (hasDuplicateKey(context.request.rawBody)) throw problem('duplicate_key')
  return next()
}

function assertJson(contentType: string): void {
  const type = /^[^;\s]*/.exec(contentType)?.[0] ?? ''
  const parameters = contentType.slice(type.length)
  if (type !== 'application/json' || !PARAMETERS.test(parameters)) throw problem('unsupported_media_type')
  const charsets = [...parameters.matchAll(/;\s*charset="?([^";\s]*)/g)]
  if (!charsets.every(([, charset]) => charset === 'utf-8' || charset === 'utf8')) {
    throw problem('unsupported_charset')
  }
}

function assertNotEncoded({ req: { headers } }: Context): void {
  const { 'content-encoding': encoding = '', 'transfer-encoding': transferEncoding = '' } = headers
  if (!/^(?:identity)?$/i.test(encoding) || !/^(?:chunked)?$/i.test(transferEncoding)) {
    throw problem('unsupported_encoding')
  }
  // Codings are case-insensitive (RFC 9110, 8.4.1), but the parser knows `identity` in lower case only.
  if (encoding) headers['content-encoding'] = encoding.toLowerCase()
}

/**
 * Has the parser read the body, and keeps the bytes to check them: the parser replaces what is not UTF-8 with
 * U+FFFD, which would alter the message.
 */
async function parseExactly(context: Context): Promise<void> {
  const chunks: Buffer[] = []
  const collect = (chunk: Buffer): void => void chunks.push(chunk)
  context.req.on('data', collect)
  let isJson = true
  try {
    await parseBody(context, async () => {})
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    isJson = false
  } finally {
    context.req.off('data', collect)
  }
  if (!isUtf8(Buffer.concat(chunks))) throw problem('invalid_utf8')
  // The parser accepts an empty body.
  if (!isJson || context.request.rawBody === '') throw problem('invalid_json')
}

/**
 * Whether the outermost object has a key twice, even if one of them is escaped: JSON.parse would silently keep
 * the last.
 *
 * @param json a text that JSON.parse accepts
 */
export function hasDuplicateKey(json: string): boolean {
  const keys = new Set<string>()
  let depth = 0
  let lastString = ''
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index]
    if (character === '"') {
      const end = endOfString(json, index)
      if (depth === 1) lastString = json.slice(index, end + 1)
      index = end
    } else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') depth -= 1
    else if (character === ':' && depth === 1) {
      const key = lastString.includes('\\') ? JSON.parse(lastString) : lastString.slice(1, -1)
      if (keys.has(key)) return true
      keys.add(key)
    }
  }
  return false
}

/** The index of the closing quotation mark of the string that starts at `start`. */
function endOfString(json: string, start: number): number {
  let index = start + 1
  while (json[index] !== '"') index += json[index] === '\\' ? 2 : 1
  return index
}
