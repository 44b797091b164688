import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Context } from 'koa'

/** So many of the largest messages are written in a few milliseconds. */
const AT_A_TIME = 50

/** Answers a list as JSON, made in parts, so that a long list of long texts holds up nobody else. */
export async function answerJsonArray(context: Context, items: readonly object[]): Promise<void> {
  const parts: Buffer[] = []
  for (let start = 0; start < items.length; start += AT_A_TIME) {
    if (start > 0) await nextTurn()
    const json = JSON.stringify(items.slice(start, start + AT_A_TIME)).slice(1, -1)
    parts.push(Buffer.from(start > 0 ? `,${json}` : json))
  }
  const pieces = [Buffer.from('['), ...parts, Buffer.from(']')]
  context.type = 'application/json; charset=utf-8'
  context.body = parts.length > 1 ? Readable.from(pieces) : Buffer.concat(pieces)
  context.length = pieces.reduce((length, piece) => length + piece.byteLength, 0)
}
