import type { Engine } from '@gitmsg/core'
import { bytesOf, encodeJsonArray, type JsonArray } from '../json-array.js'
import { toApiMessage } from './api-message.js'
import { parseListQuery } from './list-query.js'
import { nextPageLink } from './next-page-link.js'

/** A page of messages, ready to be sent. */
export interface MessagePage {
  readonly json: JsonArray
  /** The length of the JSON. */
  readonly bytes: number
  /** The `Link` header to the next page; `null` on the last. */
  readonly link: string | null
}

/** Reads the page that the text of a query asks for. */
export async function readPage(engine: Engine, querystring: string): Promise<MessagePage> {
  const query = parseListQuery(querystring)
  const messages = await engine.list(query)
  const link = await nextPageLink(engine, query, messages)
  const json = await encodeJsonArray(messages.map(toApiMessage))
  return { json, bytes: bytesOf(json), link }
}
