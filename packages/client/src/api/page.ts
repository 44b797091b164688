import { ClientError } from '../client-error.js'
import type { CallOptions, Send } from './request.js'
import type { Position } from './types.js'

/** The options of every call that returns a list. */
export interface ListOptions extends CallOptions {
  /** The `etag` of a page: if it would be the same again, the call rejects with `not-modified`. */
  readonly ifNoneMatch?: string | undefined
}

/** One page of a list: an array with the way to the next one. */
export interface Page<Item> extends ReadonlyArray<Item> {
  /** What the page shows is at least this new: going on from here misses nothing. Null if the list is not in the feed. */
  readonly position: Position | null
  /** Another one after every visible change, for `ifNoneMatch`. */
  readonly etag: string | null
  /** Reads the next page; null on the last one. */
  readonly next: ((options?: CallOptions) => Promise<Page<Item>>) | null
}

/** The first page of a list when awaited; every item of all pages when iterated. */
export interface Pages<Item> extends Promise<Page<Item>>, AsyncIterable<Item> {}

const NEXT_LINK = /<([^>]*)>\s*;\s*rel="?next"?/

/** Reads a list by its pages, each when it is needed. */
export function readPages<Item>(send: Send, locate: () => URL, options: ListOptions = {}): Pages<Item> {
  const first = readPage<Item>(send, locate, options)
  async function* everyItem(): AsyncGenerator<Item> {
    for (let page = await first; ; page = await page.next(options)) {
      yield* page
      if (!page.next) return
    }
  }
  return Object.assign(first, { [Symbol.asyncIterator]: everyItem })
}

async function readPage<Item>(send: Send, locate: () => URL, options: ListOptions): Promise<Page<Item>> {
  const url = locate()
  const { headers, body } = await send({
    method: 'GET',
    url,
    headers: { 'If-None-Match': options.ifNoneMatch },
    options,
    isRepeatable: true,
  })
  if (!Array.isArray(body)) throw new ClientError('invalid-response', 'The response is not a list.')
  const nextUrl = findNext(headers.get('Link'), url)
  // Not enumerable, so that a page compares and prints as the array that it is.
  const members = {
    position: { value: parsePosition(headers.get('Gitmsg-Position')) },
    etag: { value: headers.get('ETag') },
    next: {
      value:
        nextUrl &&
        (({ signal, timeoutMs }: CallOptions = {}) =>
          readPage<Item>(send, () => nextUrl, { signal, timeoutMs })),
    },
  }
  return Object.defineProperties(body, members) as unknown as Page<Item>
}

/** The next page is another query of the same list: a token must never be sent anywhere else. */
function findNext(link: string | null, url: URL): URL | null {
  const [, target] = NEXT_LINK.exec(link ?? '') ?? []
  if (target === undefined) return null
  const next = URL.canParse(target, url.href) ? new URL(target, url) : null
  if (next?.origin !== url.origin || next.pathname !== url.pathname) {
    throw new ClientError('invalid-response', 'The next page is not of the same list.')
  }
  return next
}

function parsePosition(header: string | null): Position | null {
  const [, epoch, position] = /^([^:]+):(\d+)$/.exec(header ?? '') ?? []
  return epoch === undefined ? null : { epoch, position: Number(position) }
}
