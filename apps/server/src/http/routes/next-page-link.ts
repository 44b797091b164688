import type { MessageQuery } from '@gitmsg/store'

/** The value of the `Link` header (RFC 8288) that leads to a page. */
export function nextPageLink(next: MessageQuery): string {
  const parameters = new URLSearchParams(
    Object.entries(next).map(([name, value]): [string, string] => [name, String(value)]),
  )
  return `</messages?${parameters}>; rel="next"`
}
