import type { Store } from '../store.js'
import { StoreError } from '../store-error.js'

type Search = Pick<Store, 'searchMessages' | 'buildSearchIndex' | 'clearSearchIndex' | 'checkSearchIndex'>

const rejectSearch = () => Promise.reject(new StoreError('failed', 'there is no search on PostgreSQL yet'))

/** The search of PostgreSQL is still to be written: it has no index that could be incomplete or differ. */
export const NO_SEARCH: Search = {
  searchMessages: rejectSearch,
  buildSearchIndex: async () => {},
  clearSearchIndex: async () => {},
  checkSearchIndex: async () => 'equal',
}
