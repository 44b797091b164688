import type { Generated } from 'kysely'
import type { AccountKind, Role } from '../rights.js'

/** The tables, for kysely. Their constraints are in the migrations. Times are RFC 3339 in UTC with milliseconds. */
export interface Schema {
  /** Rows are never deleted, so a handle is never given out again. */
  accounts: {
    handle: string
    /** What the handle looks like; unique. */
    skeleton: string
    kind: AccountKind
    role: Role
    disabled_at: string | null
    created_at: string
    created_by: string
    /** How many posts were published, up to the number that makes no difference any more. */
    posts: Generated<number>
  }
  passwords: { handle: string; hash: string; changed_at: string }
  /** People at their OpenID providers. */
  identities: { issuer: string; subject: string; handle: string; created_at: string }
  tokens: {
    id: Generated<number>
    digest: string
    handle: string
    kind: 'session' | 'access'
    name: string
    /** Separated by commas. */
    scopes: string
    sender: string | null
    created_at: string
    used_at: string
    expires_at: string
  }
  links: {
    digest: string
    kind: 'join' | 'reset' | 'identity'
    /** Of a reset. */
    handle: string | null
    /** Of an invitation. */
    role: Role | null
    /** Of an identity. */
    issuer: string | null
    subject: string | null
    uses_left: number
    created_at: string
    created_by: string
    expires_at: string
  }
  audit: {
    number: Generated<number>
    at: string
    actor: string
    action: string
    target: string | null
    detail: string | null
  }
  held: {
    id: Generated<number>
    handle: string
    /** What is held, as the caller wrote it; null once that is decided. */
    post: string | null
    uid: string
    fingerprint: string
    key: string | null
    reason: string
    state: 'held' | 'approving' | 'approved' | 'rejected'
    held_at: string
    decided_at: string | null
    decided_by: string | null
  }
  reports: {
    id: Generated<number>
    subject: string
    handle: string
    reason: string | null
    created_at: string
  }
  /** The posts of an account on its last day. */
  daily_posts: { handle: string; day: string; posts: number }
}
