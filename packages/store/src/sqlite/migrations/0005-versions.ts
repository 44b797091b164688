import { type Kysely, type Migration, type RawBuilder, sql } from 'kysely'

/** How many rows are moved before the pages that they leave are used for the next ones. */
const ROWS_PER_MOVE = 20_000

/**
 * A new table, because adding eleven columns would read the old one eleven times: SQLite checks all rows of a strict
 * table for each. `kind` is 0 for a message that lists show, 1 for a reaction, 2 for a tombstone: an index with `where
 * kind = 0` is used by queries that have just that, and holds all they need.
 */
const messages = [
  // Without references to the old table, moving its rows has nothing to check.
  sql`create table old_outbox as select * from outbox order by sequence`,
  sql`create table old_sequence as select seq from sqlite_sequence where name = 'outbox'`,
  sql`create table old_keys as select key, fingerprint, message_id, created_at from idempotency_keys order by key`,
  sql`drop table outbox`,
  sql`drop table idempotency_keys`,
  sql`drop index messages_by_sender`,
  sql`drop index messages_by_timestamp`,
  sql`drop index messages_by_id`,
  sql`alter table messages rename to old_messages`,
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
    origin_id integer not null,
    version integer not null,
    format text not null,
    topic text,
    reply_to text,
    thread text,
    deleted_at text,
    updated_by text,
    synchronized_version integer,
    position integer not null,
    kind integer not null check (kind = iif(deleted_at is not null, 2, format = 'reaction')),
    synchronized_position integer
  ) strict`,
]

const moveMessages = sql`insert into messages
  select id, uid, content, sender, timestamp, git_hash, is_synchronized, created_at, updated_at, path, origin_id,
    1, 'plain', null, null, null, null, null, iif(is_synchronized, 1, null), id, 0, iif(is_synchronized, id, null)
  from old_messages order by id limit ${ROWS_PER_MOVE}`
const forgetMoved = sql`delete from old_messages where id <= (select max(id) from messages)`

const indexes = [
  // The highest id ever given, whose message may be gone.
  sql`delete from sqlite_sequence where name = 'messages'`,
  sql`update sqlite_sequence set name = 'messages' where name = 'old_messages'`,
  sql`drop table old_messages`,
  sql`create index messages_by_id on messages (id, timestamp) where kind = 0`,
  sql`create index messages_by_sender on messages (sender) where kind = 0`,
  sql`create index messages_by_timestamp on messages (timestamp) where kind = 0`,
  sql`create index messages_by_topic on messages (topic) where kind = 0 and topic is not null`,
  sql`create index messages_by_topic_and_time on messages (topic, timestamp) where kind = 0 and topic is not null`,
  sql`create index messages_by_thread on messages (thread, kind) where thread is not null`,
  sql`create index messages_by_reply_to on messages (reply_to) where kind = 0 and reply_to is not null`,
  sql`create index messages_reactions on messages (reply_to, sender, content) where kind = 1`,
  sql`create index messages_reactions_by_id on messages (id) where kind = 1`,
  sql`create index messages_deleted on messages (id) where kind = 2`,
  sql`create unique index messages_by_position on messages (position)`,
]

/** The versions before the current ones. */
const versions = [
  sql`create table versions (
    number integer primary key autoincrement,
    message_id integer not null references messages (id),
    version integer not null,
    content text not null,
    format text not null,
    topic text,
    updated_at text not null,
    updated_by text,
    git_hash text,
    synchronized_position integer,
    unique (message_id, version)
  ) strict`,
]

/** As before, but with a change for each version, and those of a lost history first. */
const outbox = [
  sql`create table outbox (
    sequence integer primary key autoincrement,
    message_id integer not null references messages (id),
    version integer not null,
    rank integer not null,
    created_at text not null,
    quarantined_at text,
    quarantine_reason text,
    unique (message_id, version),
    check ((quarantined_at is null) = (quarantine_reason is null))
  ) strict`,
  sql`insert into outbox select sequence, message_id, 1, 1000000000, created_at, quarantined_at, quarantine_reason
    from old_outbox order by sequence`,
  sql`delete from sqlite_sequence where name = 'outbox'`,
  sql`insert into sqlite_sequence (name, seq) select 'outbox', seq from old_sequence`,
  sql`drop table old_outbox`,
  sql`drop table old_sequence`,
  sql`alter table cursor add column rank integer not null default 1000000000`,
  sql`alter table cursor add column must_compact integer not null default 0`,
  sql`create index outbox_pending on outbox (rank, sequence) where quarantined_at is null`,
  sql`create index outbox_quarantined on outbox (sequence) where quarantined_at is not null`,
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

/** Kept by triggers, so that every way in which a message gets, changes or loses its topic counts. */
const topics = [
  sql`create table topics (
    topic text primary key,
    messages integer not null check (messages > 0),
    last_at text not null
  ) strict, without rowid`,
  sql`create index topics_by_last_at on topics (last_at, topic)`,
  sql`create trigger topics_insert after insert on messages
    when new.topic is not null and new.kind = 0 begin
      insert into topics values (new.topic, 1, new.timestamp)
      on conflict do update set messages = messages + 1, last_at = max(last_at, excluded.last_at);
  end`,
  sql`create trigger topics_leave after update of topic, kind on messages
    when old.topic is not null and old.kind = 0 and (new.topic is not old.topic or new.kind <> 0) begin
      delete from topics where topic = old.topic and messages = 1;
      update topics set messages = messages - 1, last_at = (
        select max(timestamp) from messages indexed by messages_by_topic_and_time
        where topic = old.topic and kind = 0
      ) where topic = old.topic;
  end`,
  sql`create trigger topics_enter after update of topic on messages
    when new.topic is not null and new.kind = 0 and new.topic is not old.topic begin
      insert into topics values (new.topic, 1, new.timestamp)
      on conflict do update set messages = messages + 1, last_at = max(last_at, excluded.last_at);
  end`,
]

/** The order of visible changes. */
const positions = [
  sql`create table feed (
    only_row integer primary key default 1 check (only_row = 1),
    epoch text not null,
    position integer not null
  ) strict`,
  sql`insert into feed (epoch, position)
    select lower(hex(randomblob(8))), coalesce((select max(position) from messages), 0)`,
]

/** `version` is the one that an edit resulted in; null if the request created the message. */
const idempotencyKeys = [
  sql`create table idempotency_keys (
    key text primary key,
    fingerprint text not null,
    message_id integer not null references messages (id),
    created_at text not null,
    version integer
  ) strict, without rowid`,
  sql`insert into idempotency_keys select *, null from old_keys order by key`,
  sql`drop table old_keys`,
  sql`create index idempotency_keys_by_created_at on idempotency_keys (created_at)`,
  sql`create index idempotency_keys_of_edits on idempotency_keys (message_id) where version is not null`,
]

/** Versions of messages, tombstones, replies, topics, reactions, and the positions of changes. */
export const versionsOfMessages: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    async function run(statements: readonly RawBuilder<unknown>[]): Promise<void> {
      for (const statement of statements) await statement.execute(queries)
    }
    await run(messages)
    for (let isDone = false; !isDone; ) {
      isDone = (await moveMessages.execute(queries)).numAffectedRows === 0n
      await forgetMoved.execute(queries)
    }
    await run([...indexes, ...versions, ...outbox, ...topics, ...positions, ...idempotencyKeys])
  },
}
