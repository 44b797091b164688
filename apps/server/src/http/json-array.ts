import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Context } from 'koa'

/** So many of the largest messages are written in a few milliseconds. */
const AT_A_TIME = 50

/** A list as JSON, in pieces. */
export type JsonArray = readonly Buffer[]

/** Encodes a list in parts, so that a long list of long texts holds up nobody else. */
export async function encodeJsonArray(items: readonly object[]): Promise<JsonArray> {
  const pieces = [Buffer.from('[')]
  for (let start = 0; start < items.length; start += AT_A_TIME) {
    if (start > 0) await nextTurn()
    const json = JSON.stringify(items.slice(start, start + AT_A_TIME)).slice(1, -1)
    pieces.push(Buffer.from(start > 0 ? `,${json}` : json))
  }
  pieces.push(Buffer.from(']'))
  return items.length > AT_A_TIME ? pieces : [Buffer.concat(pieces)]
}

/** Its length in bytes. */
export const bytesOf = (json: JsonArray): number => json.reduce((sum, { byteLength }) => sum + byteLength, 0)

/** Answers with the list. */
export function answerJsonArray(context: Context, json: JsonArray): void {
  context.type = 'application/json; charset=utf-8'
  context.body = json.length === 1 ? json[0] : Readable.from(json)
  context.length = bytesOf(json)
}
