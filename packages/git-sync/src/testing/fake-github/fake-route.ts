import type { FakeAnswer } from './fake-answer.js'
import type { FakeRepository } from './fake-repository.js'
import type { FakeSettings } from './fake-settings.js'

/** What a route is asked. */
export interface FakeCall {
  readonly repository: FakeRepository
  readonly settings: FakeSettings
  /** Of the fake itself, e.g. `http://127.0.0.1:40123`. */
  readonly url: string
  /** The variables in the path. */
  readonly variables: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
  /** Branches are to be read as they were before they last moved. */
  readonly isStale: boolean
}

/** One call of GitHub's API. */
export interface FakeRoute {
  readonly method: string
  /** E.g. `/repos/{owner}/{repo}/git/ref/{ref}`; `{ref}` and `{path}` may contain slashes. */
  readonly route: string
  /** Whether it is refused with 409 while the repository has no commit. */
  readonly needsCommits?: boolean
  readonly answer: (call: FakeCall) => Promise<FakeAnswer>
}

/** A piece of a list, with the `Link` header that leads to the others. */
export function page<Item>(
  items: readonly Item[],
  call: FakeCall,
  { size, path }: { size: number; path: string },
): { items: Item[]; headers: Record<string, string> } {
  const number = Number(call.query.page ?? 1)
  const last = Math.max(1, Math.ceil(items.length / size))
  const link = (to: number, relation: string) => `<${call.url}${path}?page=${to}>; rel="${relation}"`
  const links = number < last ? [link(number + 1, 'next'), link(last, 'last')] : []
  return {
    items: items.slice((number - 1) * size, number * size),
    headers: links.length > 0 ? { link: links.join(', ') } : {},
  }
}
