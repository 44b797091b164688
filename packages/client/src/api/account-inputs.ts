import type { Role, Scope } from './account-types.js'

/** Who signs in. */
export interface SignIn {
  /** The handle of the account. */
  readonly handle: string
  /** Its password. */
  readonly password: string
}

/** An account to make with an invitation. */
export interface Joining {
  /** The secret of the link; not needed where registration is open. */
  readonly link?: string
  /** `[a-z0-9][a-z0-9._-]{0,31}`. */
  readonly handle: string
  /** 8 to 128 characters. */
  readonly password?: string
  /** Instead of a password: what a sign-in with a provider ended with. */
  readonly identity?: string
}

/** A new password for an account, with a link. */
export interface PasswordReset {
  /** The secret of the link. */
  readonly link: string
  /** 8 to 128 characters. */
  readonly password?: string
  /** Instead of a password: what a sign-in with a provider ended with. */
  readonly identity?: string
}

/** Another password. */
export interface PasswordChange {
  /** The one until now. */
  readonly current_password: string
  /** 8 to 128 characters. */
  readonly new_password: string
}

/** An invitation to create. */
export interface NewInvitation {
  /** What the new accounts may do. Default: member. */
  readonly role?: Role
  /** How many accounts, 1 to 1000. Default: 1. */
  readonly uses?: number
  /** 1 to 365. Default: 7. */
  readonly days?: number
}

/** An account to create. */
export interface NewAccount {
  /** `[a-z0-9][a-z0-9._-]{0,31}`. */
  readonly handle: string
  /** Default: person. */
  readonly kind?: 'person' | 'service'
  /** Default: member. */
  readonly role?: Role
}

/** What changes about an account. */
export interface AccountChanges {
  /** What it may do from now on. */
  readonly role?: Role
  /** Whether its tokens are rejected from now on. */
  readonly disabled?: boolean
}

/** A token to create. */
export interface NewToken {
  /** 1 to 64 characters. */
  readonly name: string
  /** What it allows, within the role of the account. */
  readonly scopes: readonly Scope[]
  /** 1 to 3650. Default: 365. */
  readonly days?: number
  /** A service, for admins. Default: the own account. */
  readonly account?: string
  /** For a service: the sender it may post as, or the beginning of several and `*`. */
  readonly sender?: string
}

/** Why a message is reported. */
export interface NewReport {
  /** 1 to 500 characters. */
  readonly reason?: string
}

/** A page of accounts. */
export interface AccountQuery {
  /** At most this many, up to 1000. Default: 50. */
  readonly limit?: number
  /** Only handles after this one. */
  readonly after?: string
}

/** A page of tokens. */
export interface TokenQuery {
  /** At most this many, up to 1000. Default: 50. */
  readonly limit?: number
  /** Only those of this account. */
  readonly account?: string
  /** Only ids below this one. */
  readonly before?: number
}

/** A page of held posts, or of reports. */
export interface ModerationQuery {
  /** At most this many, up to 1000. Default: 50. */
  readonly limit?: number
  /** Only ids above this one. */
  readonly after?: number
}
