import type { ApiClient } from '../../api/api-client.js'
import { type ApiResult, queryOf } from '../../api/api-result.js'
import type { FoundMessage } from '../../api/api-types.js'
import type { Purpose } from '../../api/exchange.js'

/** After that many empty pages in a row, the user decides whether to go on. */
const MAX_EMPTY_PAGES = 5

/** As the server asks for in `Retry-After`. */
const INDEXING_RETRY_MS = 5000

export type SearchResult = ApiResult<FoundMessage[]>

interface FindOptions {
  readonly client: Pick<ApiClient, 'search'>
  readonly signal: AbortSignal
  /** Called with the server's message each time that the index is not complete yet. */
  readonly onIndexing: (message: string) => void
}

/**
 * Requests the page of results at `search`, or the first one after it that is not empty, and waits for the index if it
 * is being built.
 */
export async function findMessages(search: string, options: FindOptions): Promise<SearchResult> {
  const { client, signal, onIndexing } = options
  let target = search
  let purpose: Purpose = 'action'
  let emptyPages = 0
  for (;;) {
    const result = await client.search(target, purpose, signal)
    if (signal.aborted) return result
    if (result.kind === 'http-error' && result.error.code === 'indexing') {
      onIndexing(result.error.message)
      await new Promise((resolve) => setTimeout(resolve, INDEXING_RETRY_MS))
      if (signal.aborted) return result
      purpose = 'polling'
      continue
    }
    if (result.kind !== 'success' || result.value.length > 0 || result.next === null) return result
    emptyPages += 1
    if (emptyPages === MAX_EMPTY_PAGES) return result
    target = queryOf(result.next)
  }
}
