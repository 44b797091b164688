import type { AccountClient } from '../../api/account-client.js'
import type { ApiClient } from '../../api/api-client.js'
import type { Message, MessageDetails } from '../../api/api-types.js'
import type { Announce } from '../../page/announcer.js'

/** What a row of the list needs from the page. */
export interface RowContext {
  readonly client: ApiClient
  readonly announce: Announce
  /** The sender that the user has entered; empty if there is none. */
  sender(): string
  /** Takes the user to the field for the sender, because an action needs it. */
  askForSender(): void
  /** Called after an action may have changed something; with the new version, if it was an edit. */
  onChanged(saved?: MessageDetails): void
  /** Called when the user wants to reply to the message. */
  onReply(message: Message): void
  /** Whether the user has an account, which reporting needs. */
  canReport(): boolean
  readonly report: AccountClient['report']
  /** Called when the user wants to delete the message. */
  onDelete(message: Message): void
}

/** The sender of the message that another one replies to, with its id; `null` if it is deleted or unknown. */
export type Parent = Pick<Message, 'id' | 'sender'> | null

/** What a row shows beside its message. */
export interface RowFacts {
  /** Why the message is in quarantine, if it is. */
  readonly quarantineReason?: string | undefined
  /** The message that this one replies to; `undefined` as long as it has not been looked up. */
  readonly parent?: Parent | undefined
}
