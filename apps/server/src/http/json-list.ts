import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Context } from 'koa'

/** Takes a few milliseconds to serialize. */
const CHUNK_CHARACTERS = 512 * 1024

/** A list, and the JSON around its items. */
interface Source {
  readonly items: readonly object[]
  readonly start: string
  readonly end: string
}

/** A list on its way into a response. */
export interface JsonList {
  readonly source: Source
  /** The whole list as JSON in UTF-8; `null` if it is long and serialized again while it is sent. */
  readonly bytes: Buffer | null
  /** A strong entity tag: the same for the same bytes. */
  readonly etag: string
}

/** Serializes a list as an array. */
export const serializeArray = (items: readonly object[]): Promise<JsonList> =>
  serialize({ items, start: '[', end: ']' })

/** Serializes a list as the last field of an object, after those of `fields`, of which there is at least one. */
export function serializeField(fields: object, name: string, items: readonly object[]): Promise<JsonList> {
  const start = `${JSON.stringify(fields).slice(0, -1)},${JSON.stringify(name)}:[`
  return serialize({ items, start, end: ']}' })
}

async function serialize(source: Source): Promise<JsonList> {
  const chunks = serializeInChunks(source)
  const { value: first = '' } = chunks.next()
  const hash = createHash('sha256').update(first)
  const isShort = first.length < CHUNK_CHARACTERS
  if (!isShort) await nextTurn()
  for await (const chunk of yieldBetween(chunks)) hash.update(chunk)
  return { source, bytes: isShort ? Buffer.from(first) : null, etag: `"${hash.digest('base64url')}"` }
}

/**
 * Responds with the list, or with 304 if the client has it. A long one is serialized in chunks as it is sent, so that
 * it does not block other requests.
 */
export function sendJsonList(context: Context, { source, bytes, etag }: JsonList): void {
  context.status = 200
  context.set('ETag', etag)
  if (context.fresh) {
    context.status = 304
    return
  }
  context.type = 'application/json; charset=utf-8'
  context.body = bytes ?? Readable.from(yieldBetween(serializeInChunks(source)))
}

function* serializeInChunks({ items, start, end }: Source): Generator<string, undefined> {
  let text = start
  for (const [index, item] of items.entries()) {
    text += index > 0 ? `,${JSON.stringify(item)}` : JSON.stringify(item)
    if (text.length < CHUNK_CHARACTERS) continue
    yield text
    text = ''
  }
  yield `${text}${end}`
}

async function* yieldBetween(chunks: Iterable<string>): AsyncGenerator<string> {
  for (const chunk of chunks) {
    yield chunk
    await nextTurn()
  }
}
