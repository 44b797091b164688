import type { Position } from '@gitmsg/store'
import type { RouterContext } from '@koa/router'
import { toPositionText } from '../feed-position.js'
import { type JsonList, sendJsonList, serializeArray } from '../json-list.js'

/** A page of a list, ready to be sent. */
export interface Page {
  readonly json: JsonList
  /** The value of the `Gitmsg-Position` header. */
  readonly position: string
  /** The value of the `Link` header (RFC 8288), relative to the URL of this page; `null` on the last page. */
  readonly link: string | null
}

/** What a page is made of. */
interface PageContent {
  /** The place of the feed as it was before the items were read, so that they are at least that new. */
  readonly position: Position
  readonly items: readonly object[]
  /** The query of the next page. */
  readonly next: object | null
}

export async function createPage({ position, items, next }: PageContent): Promise<Page> {
  const json = await serializeArray(items)
  return { json, position: toPositionText(position), link: next && linkTo(next) }
}

export function sendPage(context: RouterContext, { json, position, link }: Page): void {
  context.set('Gitmsg-Position', position)
  if (link) context.set('Link', link)
  sendJsonList(context, json)
}

/** A `Link` header with the query of the next page. */
export function linkTo(next: object): string {
  const parameters = new URLSearchParams(
    Object.entries(next).map(([name, value]): [string, string] => [name, String(value)]),
  )
  return `<?${parameters}>; rel="next"`
}
