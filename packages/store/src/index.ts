export type { Clock } from './clock.js'
export { type OpenStoreOptions, openStore } from './open-store.js'
export type { MessageQuery, StorageUsage, Store } from './store.js'
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
