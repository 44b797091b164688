export type { Clock } from './clock.js'
export type {
  BuildSearchIndexOptions,
  FoundMessages,
  MessageQuery,
  MessageSearch,
  SearchIndexProgress,
  SearchIndexState,
} from './message-query.js'
export { type OpenStoreOptions, openStore } from './open-store.js'
export type { StorageUsage } from './storage-usage.js'
export type { Store } from './store.js'
export { StoreError, type StoreErrorCode } from './store-error.js'
export type {
  ChangedMessage,
  CreatedMessage,
  EarlierVersion,
  Idempotency,
  MessageChange,
  MessageEdit,
  MessageFormat,
  MessageIdentity,
  MessageVersion,
  NewMessage,
  Position,
  Reaction,
  StoredMessage,
  Topic,
  VersionFields,
} from './stored-message.js'
export {
  type Change,
  type Cursor,
  type PublishedVersion,
  type QuarantinedChange,
  RESETTING,
  type RecordedVersion,
  type RecordOutcome,
  type Settlement,
  type SyncLock,
  type SyncSummary,
  type SyncWriteOptions,
} from './synchronization.js'
export { findMatches, type Match } from './text/find-matches.js'
export {
  MAX_SEARCH_WORDS,
  type SearchPattern,
  type SearchPatterns,
  type SearchTerms,
  toSearchPatterns,
} from './text/search-patterns.js'
export { splitWords, type Word } from './text/words.js'
