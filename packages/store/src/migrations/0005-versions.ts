import { type Kysely, type Migration, sql } from 'kysely'

/**
 * What `kind` is: 0 for a message that lists show, 1 for a reaction, 2 for a tombstone. An index with `where kind = 0`
 * is used by queries that have just that, and holds all they need.
 */
const KIND = sql`iif(deleted_at is not null, 2, format = 'reaction')`

const messages = [
  sql`alter table messages add column version integer not null default 1`,
  sql`alter table messages add column synchronized_version integer`,
  sql`alter table messages add column synchronized_position integer`,
  sql`alter table messages add column format text not null default 'plain'`,
  sql`alter table messages add column topic text`,
  sql`alter table messages add column reply_to text`,
  sql`alter table messages add column thread text`,
  sql`alter table messages add column deleted_at text`,
  sql`alter table messages add column updated_by text`,
  sql`alter table messages add column kind integer not null default 0 check (kind = ${KIND})`,
  sql`alter table messages add column position integer`,
  sql`update messages set position = id, (synchronized_version, synchronized_position) =
    (iif(is_synchronized, 1, null), iif(is_synchronized, id, null))`,
  sql`drop index messages_by_sender`,
  sql`drop index messages_by_timestamp`,
  sql`drop index messages_by_id`,
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
  sql`create table changes (
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
  sql`insert into changes select sequence, message_id, 1, 1000000000, created_at, quarantined_at, quarantine_reason
    from outbox order by sequence`,
  sql`insert into sqlite_sequence (name, seq) select 'changes', 0
    where not exists (select 1 from sqlite_sequence where name = 'changes')`,
  sql`update sqlite_sequence set seq = (select coalesce(max(seq), 0) from sqlite_sequence where name = 'outbox')
    where name = 'changes'`,
  sql`drop table outbox`,
  sql`alter table cursor add column rank integer not null default 1000000000`,
  sql`alter table changes rename to outbox`,
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

/** The order of visible changes, and which version a repeated call resolves with. */
const positions = [
  sql`create table feed (
    only_row integer primary key default 1 check (only_row = 1),
    epoch text not null,
    position integer not null
  ) strict`,
  sql`insert into feed (epoch, position)
    select lower(hex(randomblob(8))), coalesce((select max(position) from messages), 0)`,
  sql`alter table idempotency_keys add column version integer`,
  sql`create index idempotency_keys_of_edits on idempotency_keys (message_id) where version is not null`,
]

/** Versions of messages, tombstones, replies, topics, reactions, and the positions of changes. */
export const versionsOfMessages: Migration = {
  async up(queries: Kysely<unknown>): Promise<void> {
    for (const statement of [...messages, ...versions, ...outbox, ...topics, ...positions]) {
      await statement.execute(queries)
    }
  },
}
