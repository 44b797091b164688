/** The filters that `GET /search` shares with the list. */
const FILTERS = ['sender', 'topic', 'thread', 'since', 'until']

/** Which messages a search is about: those of the list that is shown. */
export interface SearchScope {
  readonly filters: Readonly<Record<string, string>>
  /** The end of a sentence about the search, such as ` in topic deploys`; empty if it is about all messages. */
  readonly text: string
}

/** The scope of the list at a path and query. In a thread it is all messages: results lead from thread to thread. */
export function scopeOf(target: string): SearchScope {
  const query = new URLSearchParams(target.split('?')[1])
  const filters = Object.fromEntries([...query].filter(([name]) => FILTERS.includes(name)))
  return { filters, text: describe(filters) }
}

function describe(filters: Record<string, string>): string {
  const { topic, ...others } = filters
  if (Object.keys(others).length > 0) return ' with the filters of the list'
  return topic === undefined ? '' : ` in topic ${topic}`
}
