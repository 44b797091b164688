import { type Kysely, type Migration, sql } from 'kysely'

const people = [
  sql`create table accounts (
    handle text primary key,
    skeleton text not null unique,
    kind text not null check (kind in ('person', 'service')),
    role text not null check (role in ('reader', 'member', 'moderator', 'admin')),
    disabled_at text,
    created_at text not null,
    created_by text not null,
    posts integer not null default 0 check (posts >= 0)
  ) strict`,
  sql`create index accounts_admins on accounts (handle) where role = 'admin' and disabled_at is null`,
  sql`create table passwords (
    handle text primary key references accounts (handle),
    hash text not null,
    changed_at text not null
  ) strict`,
  sql`create table identities (
    issuer text not null,
    subject text not null,
    handle text not null references accounts (handle),
    created_at text not null,
    primary key (issuer, subject)
  ) strict`,
]

const secrets = [
  sql`create table tokens (
    id integer primary key autoincrement,
    digest text not null unique,
    handle text not null references accounts (handle),
    kind text not null check (kind in ('session', 'access')),
    name text not null,
    scopes text not null,
    sender text,
    created_at text not null,
    used_at text not null,
    expires_at text not null
  ) strict`,
  sql`create index tokens_by_handle on tokens (handle, id)`,
  sql`create index tokens_by_expires_at on tokens (expires_at)`,
  sql`create table links (
    digest text primary key,
    kind text not null check (kind in ('join', 'reset', 'identity')),
    handle text references accounts (handle),
    role text check (role in ('reader', 'member', 'moderator', 'admin')),
    issuer text,
    subject text,
    uses_left integer not null check (uses_left >= 0),
    created_at text not null,
    created_by text not null,
    expires_at text not null,
    check ((kind = 'reset') = (handle is not null)),
    check ((kind = 'join') = (role is not null)),
    check ((kind = 'identity') = (issuer is not null and subject is not null))
  ) strict`,
]

const moderation = [
  sql`create table audit (
    number integer primary key autoincrement,
    at text not null,
    actor text not null,
    action text not null,
    target text,
    detail text
  ) strict`,
  sql`create table held (
    id integer primary key autoincrement,
    handle text not null references accounts (handle),
    post text,
    uid text not null unique,
    fingerprint text not null,
    key text,
    reason text not null,
    state text not null check (state in ('held', 'approving', 'approved', 'rejected')),
    held_at text not null,
    decided_at text,
    decided_by text,
    unique (handle, key),
    check ((post is null) = (state in ('approved', 'rejected')))
  ) strict`,
  sql`create index held_undecided on held (id) where post is not null`,
  sql`create index held_by_handle on held (handle) where post is not null`,
  sql`create table reports (
    id integer primary key autoincrement,
    subject text not null,
    handle text not null references accounts (handle),
    reason text,
    created_at text not null,
    unique (subject, handle)
  ) strict`,
  sql`create index reports_by_handle on reports (handle)`,
  sql`create table daily_posts (
    handle text primary key references accounts (handle),
    day text not null,
    posts integer not null
  ) strict`,
]

/** Accounts with what proves them, their tokens and links, the audit, and what moderators decide about. */
export const init: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    for (const statement of [...people, ...secrets, ...moderation]) await statement.execute(queries)
  },
}
