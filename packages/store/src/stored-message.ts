/** How the text of a message is to be read. A `reaction` is one emoji in reply to a message. */
export type MessageFormat = 'plain' | 'markdown' | 'reaction'

/** What an edit can change, and when and by whom it was changed: one state of a message. */
export interface VersionFields {
  /** 1 when posted, one higher with each edit; the last may be a tombstone. */
  readonly version: number
  /** The text, exactly as given, without NUL; empty in a tombstone. */
  readonly content: string
  /** How the content is to be read. */
  readonly format: MessageFormat
  /** A label; `null` if there is none. */
  readonly topic: string | null
  /** When this version was made. Synchronization does not change it. */
  readonly updated_at: string
  /** Who made this version; `null` if the sender did. */
  readonly updated_by: string | null
}

/** What identifies a message and never changes. */
export interface MessageIdentity {
  /** The message's global id: the same in every database and repository. */
  readonly uid: string
  /** The sender, exactly as given. */
  readonly sender: string
  /** The uid of the message to which this one replies; `null` if it is not a reply. */
  readonly reply_to: string | null
  /** When the message was sent, according to its sender. */
  readonly timestamp: string
  /** When the database in which the message was created stored it. */
  readonly created_at: string
  /** Path of the message's file in the repository, whether it is there yet or not. */
  readonly path: string
  /** The `id` in the message's file: its number in the database in which it was created. */
  readonly origin_id: number
}

/**
 * A message as it is stored: its current version. The field names are the columns of the table `messages`. All times
 * are RFC 3339 in UTC with milliseconds, such as `2025-01-09T00:06:41.000Z`.
 */
export interface StoredMessage extends MessageIdentity, VersionFields {
  /** The message's number in this database: 1, 2, 3 and so on, never reused. */
  readonly id: number
  /** The commit that contains the current version; `null` until the repository is known to have it. */
  readonly git_hash: string | null
  /** Whether the repository is known to have the current version. */
  readonly is_synchronized: boolean
  /** The uid of the first message of the thread to which a reply belongs; `null` if the message is not a reply. */
  readonly thread: string | null
  /** When the message was deleted. What is left is a tombstone: `content` is empty, `format` is `plain`. */
  readonly deleted_at: string | null
  /** The version that the repository is known to have; `null` if it has none. */
  readonly synchronized_version: number | null
  /** The place of the message's last visible change in this database's order of changes. */
  readonly position: number
}

/** One version of a message. */
export interface MessageVersion extends VersionFields {
  /** The commit that contains this version; `null` until the repository is known to have it. */
  readonly git_hash: string | null
  /** Whether the repository is known to have this version. */
  readonly is_synchronized: boolean
}

/** A version before the current one, as the table `versions` has it. */
export interface EarlierVersion extends MessageVersion {
  /** The row's own number: higher for rows that were written later, never reused. */
  readonly number: number
  /** The message to which it belongs. */
  readonly message_id: number
}

/** A message to create. The store assigns its id. */
export interface NewMessage extends Pick<MessageIdentity, 'uid' | 'sender' | 'timestamp' | 'created_at'> {
  /** The text. */
  readonly content: string
  /** The time of version 1. */
  readonly updated_at: string
  /** Default: `plain`. */
  readonly format?: MessageFormat
  /** Default: the topic of the message to which this one replies. */
  readonly topic?: string | null
  /**
   * The id or uid of the message to which this one replies. If that is not stored, deleted or a reaction, creating the
   * message rejects with `invalid-reply`. A reaction needs it.
   */
  readonly reply_to?: number | string
  /**
   * Returns the path for an id. Called inside the transaction, and again if that is repeated, so it must have no
   * side effects. If it throws, creating the message rejects with `invalid-argument`.
   */
  readonly path: (id: number) => string
  /**
   * Makes repeating the call safe: the same key with the same fingerprint returns the message of the first call and
   * creates nothing; with another fingerprint it rejects with `idempotency-key-reused`. Kept for at least 24 hours.
   */
  readonly idempotency?: Idempotency
  /** If it aborts before the message's turn to be written, the call rejects with `aborted` and nothing is stored. */
  readonly signal?: AbortSignal | undefined
}

/** Names a call, so that repeating it does not do its work twice. */
export interface Idempotency {
  /** Names the call. Not empty. */
  readonly key: string
  /** The same text for the same request. */
  readonly fingerprint: string
}

/** The result of {@link Store.createMessage}. */
export interface CreatedMessage {
  /** The message as it is stored now. */
  readonly message: StoredMessage
  /** `false` if the message exists already: the idempotency key, or the same reaction of this sender, created it. */
  readonly created: boolean
}

/** Which message to edit or to delete, and the condition under which. */
export interface MessageChange {
  /** The message's id or uid. */
  readonly key: number | string
  /** When: the version's `updated_at`. */
  readonly updated_at: string
  /** Who, if it is not the sender. */
  readonly updated_by?: string | null
  /** If the current version is another one, the call rejects with `version-conflict`. */
  readonly expected_version?: number | undefined
  /** If it aborts before the call's turn, the call rejects with `aborted` and nothing is stored. */
  readonly signal?: AbortSignal | undefined
}

/** An edit: the fields that are given replace those of the current version. */
export interface MessageEdit extends MessageChange {
  /** The text. */
  readonly content?: string
  /** `plain` or `markdown`. */
  readonly format?: Exclude<MessageFormat, 'reaction'>
  /** `null` removes the topic. */
  readonly topic?: string | null
  /** As in {@link NewMessage}; a repeated call resolves with the version that the first one resolved with. */
  readonly idempotency?: Idempotency
}

/** The result of {@link Store.editMessage} and {@link Store.deleteMessage}. */
export interface ChangedMessage {
  /** The message as it is stored now or, for a repeated call, as the first call left it. */
  readonly message: StoredMessage
  /** `false` if there was nothing to change, or an earlier call with the same key has done it. */
  readonly changed: boolean
}

/** A topic that has messages. */
export interface Topic {
  /** The label. */
  readonly topic: string
  /** The number of its messages, without reactions and deleted ones. */
  readonly messages: number
  /** The `timestamp` of the latest of them. */
  readonly last_at: string
}

/** A reaction to a message. */
export interface Reaction {
  /** The uid of the message. */
  readonly reply_to: string
  /** The emoji. */
  readonly content: string
  /** Who reacted. */
  readonly sender: string
}

/** A place in this database's order of visible changes. */
export interface Position {
  /** A random name for the order; another one after {@link Store.resetSynchronization}. */
  readonly epoch: string
  /** 0 is the beginning. */
  readonly position: number
}
