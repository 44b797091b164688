export type { Clock } from './clock.js'
export { type OpenStoreOptions, openStore } from './open-store.js'
export type {
  Change,
  CreatedMessage,
  Cursor,
  ImportedMessage,
  MessageQuery,
  NewMessage,
  QuarantinedChange,
  Settlement,
  Store,
  StoredMessage,
  SyncLock,
  SyncSummary,
} from './store.js'
export { StoreError, type StoreErrorCode } from './store-error.js'
