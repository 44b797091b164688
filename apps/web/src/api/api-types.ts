import type { MessageDetails, SyncStatus } from '@gitmsg/client'

export type {
  Account,
  CreatedToken,
  FoundMessage,
  HeldMessage,
  HeldPost,
  Link,
  Message,
  MessageDetails,
  MessageVersion,
  OwnAccount,
  Position,
  PostedMessage,
  Report,
  Role,
  Scope,
  Session,
  SignInWays,
  SnippetPart,
  SyncStatus,
  Token,
  Topic,
} from '@gitmsg/client'

/** How far a message is on its way to the repository. */
export type MessageState = MessageDetails['sync']['state']

/** What the server's synchronization is doing. */
export type SyncState = SyncStatus['state']

/** An error response of the API; `field` names the invalid input, if there is one. */
export interface ApiError {
  readonly code: string
  readonly message: string
  readonly field?: string
}
