import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Context } from 'koa'

/** Takes a few milliseconds to serialize. */
const CHUNK_CHARACTERS = 512 * 1024

/** A list on its way into a response. */
export interface JsonArray {
  readonly items: readonly object[]
  /** The whole list as JSON in UTF-8; `null` if it is long and serialized while it is sent. */
  readonly bytes: Buffer | null
}

/** Serializes a list, unless it is long. */
export function serializeJsonArray(items: readonly object[]): JsonArray {
  const { value = '' } = serializeInChunks(items).next()
  return { items, bytes: value.length < CHUNK_CHARACTERS ? Buffer.from(value) : null }
}

/** Responds with the list. A long one is serialized in chunks as it is sent, so that it does not block other requests. */
export function sendJsonArray(context: Context, { items, bytes }: JsonArray): void {
  context.type = 'application/json; charset=utf-8'
  context.body = bytes ?? Readable.from(yieldBetween(serializeInChunks(items)))
}

function* serializeInChunks(items: readonly object[]): Generator<string> {
  let text = '['
  for (const [index, item] of items.entries()) {
    text += index > 0 ? `,${JSON.stringify(item)}` : JSON.stringify(item)
    if (text.length < CHUNK_CHARACTERS) continue
    yield text
    text = ''
  }
  yield `${text}]`
}

async function* yieldBetween(chunks: Iterable<string>): AsyncGenerator<string> {
  for (const chunk of chunks) {
    yield chunk
    await nextTurn()
  }
}
