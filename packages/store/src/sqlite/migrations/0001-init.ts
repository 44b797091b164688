import { type Kysely, type Migration, sql } from 'kysely'

const messages = [
  sql`create table messages (
    id integer primary key autoincrement,
    uid text not null unique,
    content text not null,
    sender text not null,
    timestamp text not null,
    git_hash text,
    is_synchronized integer not null check (is_synchronized = (git_hash is not null)),
    created_at text not null,
    updated_at text not null,
    path text not null,
    file_id integer not null
  ) strict`,
  // Each index ends in the id, so that a filtered page needs no sorting and can start at any id.
  sql`create index messages_by_sender on messages (sender)`,
  sql`create index messages_by_timestamp on messages (timestamp)`,
  sql`create index messages_by_is_synchronized on messages (is_synchronized)`,
]

const outbox = [
  sql`create table outbox (
    sequence integer primary key autoincrement,
    message_id integer not null unique references messages (id),
    created_at text not null,
    quarantined_at text,
    quarantine_reason text,
    check ((quarantined_at is null) = (quarantine_reason is null))
  ) strict`,
  sql`create index outbox_pending on outbox (sequence) where quarantined_at is null`,
  sql`create index outbox_quarantined on outbox (sequence) where quarantined_at is not null`,
]

/** Kept by triggers, because counting the outbox for each summary would cost more the longer it is. */
const outboxCounts = [
  sql`create table outbox_counts (
    only_row integer primary key default 1 check (only_row = 1),
    pending integer not null default 0 check (pending >= 0),
    quarantined integer not null default 0 check (quarantined >= 0)
  ) strict`,
  sql`insert into outbox_counts default values`,
  sql`create trigger outbox_counts_insert after insert on outbox begin
    update outbox_counts set
      pending = pending + (new.quarantined_at is null),
      quarantined = quarantined + (new.quarantined_at is not null);
  end`,
  sql`create trigger outbox_counts_update after update of quarantined_at on outbox begin
    update outbox_counts set
      pending = pending + (new.quarantined_at is null) - (old.quarantined_at is null),
      quarantined = quarantined + (new.quarantined_at is not null) - (old.quarantined_at is not null);
  end`,
  sql`create trigger outbox_counts_delete after delete on outbox begin
    update outbox_counts set
      pending = pending - (old.quarantined_at is null),
      quarantined = quarantined - (old.quarantined_at is not null);
  end`,
]

const cursor = [
  sql`create table cursor (
    only_row integer primary key default 1 check (only_row = 1),
    "commit" text,
    format integer,
    last_synchronized_at text
  ) strict`,
  sql`insert into cursor default values`,
]

const idempotencyKeys = [
  sql`create table idempotency_keys (
    key text primary key,
    fingerprint text not null,
    message_id integer not null references messages (id),
    created_at text not null
  ) strict, without rowid`,
  sql`create index idempotency_keys_by_created_at on idempotency_keys (created_at)`,
]

/** Messages, the outbox with its counts, the cursor, and the idempotency keys. */
export const init: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    for (const statement of [...messages, ...outbox, ...outboxCounts, ...cursor, ...idempotencyKeys]) {
      await statement.execute(queries)
    }
  },
}
