export {
  assembleEngine,
  createEngine,
  type Engine,
  type EngineOptions,
  type EngineParts,
} from './engine.js'
export type { Logger } from './logger.js'
export type { MessageDetails, MessageSync } from './messages/find-message.js'
export {
  type InputJsonSchemas,
  inputJsonSchemas,
  type JsonSchema,
  type ObjectJsonSchema,
} from './messages/input-json-schemas.js'
export type { MessagePage } from './messages/list-messages.js'
export { type MessageInput, parseMessageInput } from './messages/new-message.js'
export type { PostOptions } from './messages/post-message.js'
export { ValidationError, type ValidationErrorCode } from './messages/validation-error.js'
export { draftCommit, type EncodedChange } from './repository/commit-draft.js'
export { decodeMessageFile, encodeMessageFile, type MessageFile } from './repository/message-file.js'
export { messagePath } from './repository/message-path.js'
export { type RestoreOptions, restore } from './restore/restore.js'
export type { ImportSummary } from './sync/import-history.js'
export { PreconditionError, type PreconditionErrorCode } from './sync/precondition-error.js'
export type { AttemptOutcome, SyncEvent } from './sync/sync-event.js'
export type { SyncFailure, SyncProgress, SyncState } from './sync/sync-state.js'
export { readSyncStatus, type SyncStatus } from './sync/sync-status.js'
export {
  createSynchronizer,
  type Synchronization,
  type Synchronizer,
  type SynchronizerOptions,
} from './sync/synchronizer.js'
export { type ConnectSynchronizerOptions, connectSynchronizer } from './thread/connect-synchronizer.js'
export { type ServeSynchronizerOptions, serveSynchronizer } from './thread/serve-synchronizer.js'
export { DIFFERENCE_KINDS, type Difference, type DifferenceKind } from './verify/difference.js'
export { type Verification, type VerifyOptions, type VerifyProgress, verify } from './verify/verify.js'
