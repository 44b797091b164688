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
export type { MessagePage } from './messages/read-messages.js'
export { type MessageInput, parseMessageInput } from './messages/message-input.js'
export type { PostOptions } from './messages/post-message.js'
export { ValidationError, type ValidationErrorCode } from './validation-error.js'
export { draftCommit, type EncodedChange } from './format/commit.js'
export { decodeMessageFile, encodeMessageFile, type MessageFile } from './format/message-file.js'
export { messagePath } from './format/message-path.js'
export { type RestoreOptions, restore } from './history/restore.js'
export type { ImportSummary } from './history/import-history.js'
export { PreconditionError, type PreconditionErrorCode } from './history/precondition-error.js'
export type { AttemptOutcome, SyncEvent } from './sync/sync-event.js'
export type { SyncFailure, SyncProgress, SyncState } from './sync/progress.js'
export { readSyncStatus, type SyncStatus } from './sync/status.js'
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
