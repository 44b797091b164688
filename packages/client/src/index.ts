export type { AccountCalls } from './api/account-calls.js'
export type {
  AccountChanges,
  AccountQuery,
  Joining,
  ModerationQuery,
  NewAccount,
  NewInvitation,
  NewReport,
  NewToken,
  PasswordChange,
  PasswordReset,
  SignIn,
  TokenQuery,
} from './api/account-inputs.js'
export type {
  Account,
  AuditEntry,
  CreatedToken,
  HeldMessage,
  HeldPost,
  Link,
  OwnAccount,
  Report,
  Role,
  Scope,
  Session,
  SignInWays,
  Token,
} from './api/account-types.js'
export type {
  ChangesQuery,
  ListQuery,
  MessageChanges,
  NewMessage,
  PageQuery,
  SearchQuery,
  ThreadQuery,
  TopicQuery,
} from './api/inputs.js'
export type { ListOptions, Page, Pages } from './api/page.js'
export type { CallOptions } from './api/request.js'
export type {
  AsyncapiDocument,
  Changes,
  FoundMessage,
  Health,
  Message,
  MessageDetails,
  MessageSync,
  MessageVersion,
  OpenapiDocument,
  Position,
  PostedMessage,
  QuarantinedChange,
  Readiness,
  SnippetPart,
  SyncStatus,
  Topic,
} from './api/types.js'
export { type ChangeOptions, type Client, createClient, type WriteOptions } from './client.js'
export { ClientError, type ClientErrorCode, type ClientErrorDetails } from './client-error.js'
export type { Events } from './events.js'
export type { LiveStatus } from './live/feed.js'
export type { ResetReason } from './live/frames.js'
export type { Live, LiveEvents, LiveOptions } from './live/live.js'
export type { SentEntry } from './outbox/delivery.js'
export { createIndexedDbStorage, type IndexedDbStorageOptions } from './outbox/indexeddb-storage.js'
export type { Outbox, OutboxEvents, OutboxOptions } from './outbox/outbox.js'
export {
  createMemoryStorage,
  type OutboxEntry,
  type OutboxFailure,
  type OutboxStorage,
} from './outbox/storage.js'
export type { ClientOptions, Timers, WebSocketConstructor, WebSocketLike } from './runtime.js'
