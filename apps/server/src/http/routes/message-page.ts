import type { Engine } from '@gitmsg/core'
import { type JsonArray, writeJsonArray } from '../json-array.js'
import { toApiMessage } from './api-message.js'
import { parseListQuery } from './list-query.js'
import { nextPageLink } from './next-page-link.js'

/** A page of messages, ready to be sent. */
export interface PageAnswer {
  readonly json: JsonArray
  /** The `Link` header; `null` on the last page. */
  readonly link: string | null
}

/** Pages up to this length, in bytes, are worth keeping. */
const SHORT = 256 * 1024

/** Reads the page that the text of a query asks for. */
export async function readPageAnswer(engine: Engine, querystring: string): Promise<PageAnswer> {
  const { messages, next } = await engine.page(parseListQuery(querystring))
  return { json: writeJsonArray(messages.map(toApiMessage)), link: next && nextPageLink(next) }
}

/** Whether keeping a page takes little memory. */
export const isShort = ({ json }: PageAnswer): boolean =>
  json.bytes !== null && json.bytes.byteLength <= SHORT
