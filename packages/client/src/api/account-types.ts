/** What an account may do at most; each role includes those before it. */
export type Role = 'reader' | 'member' | 'moderator' | 'admin'

/** What a token allows. */
export type Scope = 'read' | 'write' | 'moderate' | 'admin'

/** Who signs in: a person, or a service that only has tokens. */
export interface Account {
  /** Names the account for good; what it posts has this sender. */
  readonly handle: string
  /** A `service` has tokens only. */
  readonly kind: 'person' | 'service'
  /** What it may do at most. */
  readonly role: Role
  /** Whether all its tokens are rejected. */
  readonly disabled: boolean
  /** When it was created. */
  readonly created_at: string
}

/** The account of a token. */
export interface OwnAccount extends Account {
  /** What the token allows. */
  readonly scopes: readonly Scope[]
}

/** What there is to sign in with, beside a password. */
export interface SignInWays {
  /** Whether the server has an identity provider, at `/auth/oidc`. */
  readonly oidc: boolean
  /** Whether joining needs no invitation. */
  readonly registration: boolean
}

/** A session that was started. */
export interface Session {
  /** The token of the session: create a client with it. */
  readonly token: string
  /** When it ends at the latest. */
  readonly expires_at: string
  /** Whose it is. */
  readonly account: Account
}

/** A link that is used up. */
export interface Link {
  /** Where it leads; its secret is the fragment. */
  readonly link: string
  /** When it ends. */
  readonly expires_at: string
}

/** An access token or a session, without its secret. */
export interface Token {
  /** Its number. */
  readonly id: number
  /** Whose it is. */
  readonly account: string
  /** How it came about. */
  readonly kind: 'session' | 'access'
  /** What its owner calls it. */
  readonly name: string
  /** What it allows. */
  readonly scopes: readonly Scope[]
  /** The senders that a service may post as; null: its handle. */
  readonly sender: string | null
  /** When it was created. */
  readonly created_at: string
  /** When it was last used, to the hour. */
  readonly used_at: string
  /** When it ends. */
  readonly expires_at: string
}

/** A token that was created. */
export interface CreatedToken extends Token {
  /** The secret, which is not shown again. */
  readonly token: string
}

/** Something that was done by right. */
export interface AuditEntry {
  /** Its place in the order of acts. */
  readonly number: number
  /** When it was done. */
  readonly at: string
  /** Who did it. */
  readonly actor: string
  /** What was done. */
  readonly action: string
  /** To what. */
  readonly target: string | null
  /** More about it. */
  readonly detail: string | null
}

/** The response to a post that waits for a moderator. */
export interface HeldMessage {
  /** Always `held`. */
  readonly status: 'held'
  /** The number of the held post. */
  readonly held_id: number
}

/** A post that waits for a moderator. */
export interface HeldPost {
  /** Its number. */
  readonly held_id: number
  /** Whose it is. */
  readonly account: string
  /** Which rule holds it. */
  readonly reason: 'all' | 'newcomer' | 'links'
  /** When it was posted. */
  readonly held_at: string
  /** The text. */
  readonly content: string
  /** Who sent it. */
  readonly sender: string
  /** When it was written, if that was given. */
  readonly timestamp?: string
  /** How it is to be read, if that was given. */
  readonly format?: 'plain' | 'markdown' | 'reaction'
  /** Its label. */
  readonly topic?: string
  /** The message to which it replies. */
  readonly reply_to?: string | number
}

/** A message that was reported to the moderators. */
export interface Report {
  /** Its number. */
  readonly report_id: number
  /** The message. */
  readonly uid: string
  /** Who reports it. */
  readonly account: string
  /** Why. */
  readonly reason: string | null
  /** When it was reported. */
  readonly created_at: string
}
