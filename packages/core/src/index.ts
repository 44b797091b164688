export {
  assembleEngine,
  createEngine,
  type Engine,
  type EngineOptions,
  type EngineParts,
} from './engine.js'
export { draftCommit, type EncodedChange } from './format/commit.js'
export type { FormatVersion } from './format/format-file.js'
export { decodeMessageFile, encodeMessageFile, type MessageFile, messagePath } from './format/message-file.js'
export type { ImportSummary } from './history/import-history.js'
export { type PurgeOptions, type PurgeSummary, purge } from './history/purge.js'
export type { Conflict } from './history/reconcile.js'
export { type RestoreOptions, restore } from './history/restore.js'
export { PreconditionError, type PreconditionErrorCode } from './history/with-sync-lock.js'
export type { Logger } from './logger.js'
export type { ChangesPage } from './messages/feed.js'
export type { FollowOptions } from './messages/follow-feed.js'
export {
  type InputJsonSchemas,
  inputJsonSchemas,
  type JsonSchema,
  type ObjectJsonSchema,
} from './messages/input-json-schemas.js'
export { type MessageChanges, type MessageInput, parseMessageInput } from './messages/message-input.js'
export type { ListQuery } from './messages/message-query.js'
export type { CheckedMessage, EditOptions, PostOptions, RemoveOptions } from './messages/message-writer.js'
export { type ParsedQuery, parseListQuery, parseQueryString } from './messages/query-string.js'
export type {
  HistoryPage,
  ListedMessage,
  MessageDetails,
  MessagePage,
  MessageSync,
  Reactions,
  ReadOptions,
  ThreadPage,
  TopicPage,
} from './messages/read-messages.js'
export type { SearchQuery } from './messages/search-query.js'
export { type Gitmsg, type OpenGitmsgOptions, openGitmsg } from './open-gitmsg.js'
export type { FoundMessage, SearchPage } from './search/search-messages.js'
export type { SnippetPart } from './search/snippet.js'
export type { AttemptOutcome, SyncEvent, SyncFailure, SyncProgress, SyncState } from './sync/progress.js'
export { readSyncStatus, type SyncStatus } from './sync/status.js'
export {
  createSynchronizer,
  type Synchronization,
  type Synchronizer,
  type SynchronizerOptions,
} from './sync/synchronizer.js'
export { type ConnectSynchronizerOptions, connectSynchronizer } from './thread/connect-synchronizer.js'
export { type ServeSynchronizerOptions, serveSynchronizer } from './thread/serve-synchronizer.js'
export { ValidationError, type ValidationErrorCode } from './validation-error.js'
export { DIFFERENCE_KINDS, type Difference, type DifferenceKind } from './verify/find-differences.js'
export { type Verification, type VerifyOptions, type VerifyProgress, verify } from './verify/verify.js'
