import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Context } from 'koa'

/** So many characters are written in a few milliseconds. */
const PART = 512 * 1024

/** Answers a list as JSON; a long one is written as it is sent, in parts, so that it holds up nobody else. */
export function answerJsonArray(context: Context, items: readonly object[]): void {
  const parts = writeInParts(items)
  const first = parts.next().value ?? ''
  context.type = 'application/json; charset=utf-8'
  context.body = first.length < PART ? first : Readable.from(inTurns(first, parts))
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

async function* inTurns(first: string, rest: Iterable<string>): AsyncGenerator<string> {
  yield first
  for (const part of rest) {
    await nextTurn()
    yield part
  }
}
