import { checkFilters, checkLimit, invalid } from '../arguments.js'
import type { MessageSearch, SearchIndexProgress } from '../message-query.js'
import { StoreError } from '../store-error.js'
import { type SearchPatterns, toSearchPatterns } from '../text/search-patterns.js'
import type { SearchFilters } from './search-filters.js'

/** The number of matches, the newest, that are ranked. */
export const MAX_RANKED = 1_000

const DEFAULT_LIMIT = 50
const SORTS: readonly unknown[] = ['newest', 'relevance']

/** A search that is valid, with its defaults. */
export interface SearchRequest {
  readonly patterns: SearchPatterns
  readonly filters: SearchFilters
  /** Only ids below this one. */
  readonly before: number
  readonly limit: number
  readonly isRanked: boolean
  readonly signal: AbortSignal | undefined
}

/** @throws StoreError `invalid-argument` */
export function toSearchRequest(search: MessageSearch): SearchRequest {
  if (search.limit !== undefined) checkLimit(search.limit)
  if (search.sort !== undefined && !SORTS.includes(search.sort)) {
    throw invalid(`sort must be one of ${SORTS.join(', ')}`)
  }
  checkFilters(search)
  const { words, phrases, without, prefix, ...conditions } = search
  const { limit = DEFAULT_LIMIT, before = Number.MAX_SAFE_INTEGER, sort, signal, ...filters } = conditions
  const patterns = toSearchPatterns({ words, phrases, without, prefix })
  return { patterns, filters, before, limit, isRanked: sort === 'relevance', signal }
}

/** @throws StoreError `indexing` */
export function assertIndexed({ indexed, until }: SearchIndexProgress): void {
  if (indexed >= until) return
  throw new StoreError('indexing', 'the search index is not complete yet', { progress: indexed / until })
}
