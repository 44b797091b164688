import type { BackendInfo } from '@gitmsg/git-sync'
import type { SyncEvent } from '../sync/sync-event.js'
import type { SyncStatus } from '../sync/status.js'

/** What the thread that answers people says to the one that synchronizes. */
export type PortRequest =
  | { readonly type: 'posted'; readonly messages: number }
  | { readonly type: 'sync'; readonly request: number }
  | { readonly type: 'close' }

/** What the thread that synchronizes says; `hello` comes first. The status is `null` where it could not be read. */
export type PortReport =
  | { readonly type: 'hello'; readonly info: BackendInfo }
  | { readonly type: 'event'; readonly event: SyncEvent }
  | { readonly type: 'synced'; readonly request: number; readonly status: SyncStatus | null }
