import { randomBytes } from 'node:crypto'
import { type Kysely, type Migration, type RawBuilder, sql } from 'kysely'
import { NEW_RANK } from '../../database/schema.js'

type Name = (table: string) => RawBuilder<unknown>

/**
 * Text is compared byte by byte, whatever the database's locale. No column that settling changes has an index, and a
 * page has room for each of its rows once more, because one transaction settles all of them: so the new rows stay in the
 * page, and no index changes.
 */
const messages = (name: Name) => [
  sql`create table ${name('messages')} (
    id bigint primary key,
    uid text collate "C" not null unique,
    content text collate "C" not null,
    sender text collate "C" not null,
    timestamp text collate "C" not null,
    git_hash text collate "C",
    is_synchronized smallint not null,
    created_at text collate "C" not null,
    updated_at text collate "C" not null,
    path text collate "C" not null,
    origin_id bigint not null,
    version bigint not null,
    format text collate "C" not null,
    topic text collate "C",
    reply_to text collate "C",
    thread text collate "C",
    deleted_at text collate "C",
    updated_by text collate "C",
    synchronized_version bigint,
    position bigint not null,
    kind smallint not null,
    synchronized_position bigint,
    check (is_synchronized = case when git_hash is null then 0 else 1 end),
    check (kind = case when deleted_at is not null then 2 when format = 'reaction' then 1 else 0 end)
  ) with (fillfactor = 50)`,
  sql`create index messages_by_id on ${name('messages')} (id, timestamp) where kind = 0`,
  sql`create index messages_by_sender on ${name('messages')} (sender, id) where kind = 0`,
  sql`create index messages_by_timestamp on ${name('messages')} (timestamp, id) where kind = 0`,
  sql`create index messages_by_topic on ${name('messages')} (topic, id) where kind = 0 and topic is not null`,
  sql`create index messages_by_topic_and_time on ${name('messages')} (topic, timestamp)
    where kind = 0 and topic is not null`,
  sql`create index messages_by_thread on ${name('messages')} (thread, kind, id) where thread is not null`,
  sql`create index messages_by_reply_to on ${name('messages')} (reply_to, id) where kind = 0 and reply_to is not null`,
  sql`create index messages_reactions on ${name('messages')} (reply_to, sender, content) where kind = 1`,
  sql`create index messages_reactions_by_id on ${name('messages')} (id) where kind = 1`,
  sql`create index messages_deleted on ${name('messages')} (id) where kind = 2`,
  sql`create table ${name('feed_order')} (
    position bigint primary key,
    message_id bigint not null
  )`,
]

const versions = (name: Name) => [
  sql`create table ${name('versions')} (
    number bigint primary key,
    message_id bigint not null,
    version bigint not null,
    content text collate "C" not null,
    format text collate "C" not null,
    topic text collate "C",
    updated_at text collate "C" not null,
    updated_by text collate "C",
    git_hash text collate "C",
    synchronized_position bigint,
    unique (message_id, version)
  )`,
]

const outbox = (name: Name) => [
  sql`create table ${name('outbox')} (
    sequence bigint primary key,
    message_id bigint not null,
    version bigint not null,
    rank bigint not null,
    created_at text collate "C" not null,
    quarantined_at text collate "C",
    quarantine_reason text collate "C",
    unique (message_id, version),
    check ((quarantined_at is null) = (quarantine_reason is null))
  )`,
  sql`create index outbox_pending on ${name('outbox')} (rank, sequence) where quarantined_at is null`,
  sql`create index outbox_quarantined on ${name('outbox')} (sequence) where quarantined_at is not null`,
  sql`create table ${name('cursor')} (
    only_row smallint primary key default 1 check (only_row = 1),
    "commit" text collate "C",
    format bigint,
    last_synchronized_at text collate "C",
    history_lost_at text collate "C",
    rank bigint not null,
    must_compact smallint not null default 0
  )`,
  sql`insert into ${name('cursor')} (rank) values (${sql.lit(NEW_RANK)})`,
]

const others = (name: Name) => [
  sql`create table ${name('topics')} (
    topic text collate "C" primary key,
    messages bigint not null,
    last_at text collate "C" not null
  )`,
  sql`create index topics_by_last_at on ${name('topics')} (last_at, topic)`,
  sql`create table ${name('idempotency_keys')} (
    key text collate "C" primary key,
    fingerprint text collate "C" not null,
    message_id bigint not null,
    created_at text collate "C" not null,
    version bigint
  )`,
  sql`create index idempotency_keys_by_created_at on ${name('idempotency_keys')} (created_at)`,
  sql`create index idempotency_keys_by_message on ${name('idempotency_keys')} (message_id)`,
]

const counters = (name: Name) => [
  sql`create table ${name('counters')} (
    only_row smallint primary key default 1 check (only_row = 1),
    last_id bigint not null default 0,
    position bigint not null default 0,
    sequence bigint not null default 0,
    version_number bigint not null default 0,
    pending bigint not null default 0 check (pending >= 0),
    quarantined bigint not null default 0 check (quarantined >= 0),
    revision bigint not null default 0,
    epoch text collate "C" not null
  )`,
  sql`insert into ${name('counters')} (epoch) values (${sql.lit(randomBytes(8).toString('hex'))})`,
  sql`create view ${name('feed')} as select epoch, position from ${name('counters')}`,
  sql`create view ${name('outbox_counts')} as select pending, quarantined from ${name('counters')}`,
  sql`create table ${name('sync_lease')} (
    only_row smallint primary key default 1 check (only_row = 1),
    holder text collate "C",
    expires_at timestamptz,
    term bigint not null default 0
  )`,
  sql`insert into ${name('sync_lease')} (term) values (0)`,
]

/** All tables. There are no foreign keys: checking them would lock a row of `messages` for each row that refers to it. */
export const createInit = (name: Name): Migration => ({
  async up(queries: Kysely<unknown>): Promise<void> {
    const parts = [messages, versions, outbox, others, counters]
    for (const statement of parts.flatMap((part) => part(name))) await statement.execute(queries)
  },
})
