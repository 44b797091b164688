import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Context } from 'koa'

/** So many characters are written in a few milliseconds. */
const PART = 512 * 1024

/** A list to be answered as JSON. */
export interface JsonArray {
  readonly items: readonly object[]
  /** All of it, in UTF-8; `null` where it is long, and written while it is sent. */
  readonly bytes: Buffer | null
}

/** Writes a list as JSON, unless it is long. */
export function writeJsonArray(items: readonly object[]): JsonArray {
  const { value = '' } = writeInParts(items).next()
  return { items, bytes: value.length < PART ? Buffer.from(value) : null }
}

/** Answers with the list; a long one is written as it is sent, in parts, so that it holds up nobody else. */
export function answerJsonArray(context: Context, { items, bytes }: JsonArray): void {
  context.type = 'application/json; charset=utf-8'
  context.body = bytes ?? Readable.from(inTurns(writeInParts(items)))
}

function* writeInParts(items: readonly object[]): Generator<string> {
  let text = '['
  for (const [index, item] of items.entries()) {
    text += index > 0 ? `,${JSON.stringify(item)}` : JSON.stringify(item)
    if (text.length < PART) continue
    yield text
    text = ''
  }
  yield `${text}]`
}

async function* inTurns(parts: Iterable<string>): AsyncGenerator<string> {
  for (const part of parts) {
    yield part
    await nextTurn()
  }
}
