import { query } from '@gitmsg/test-postgres'

/** How many messages a thread has, with its first one. */
const THREAD = 20

/**
 * Fills a database by SQL with messages of 50 senders and a rare one, in 100 topics and in threads, with reactions and
 * tombstones, of which all but the newest hundred are synchronized. Each message has one of 20,000 words, and one that all
 * have.
 */
export async function fillDatabase(url: string, count: number): Promise<void> {
  const root = `id - (id - 1) % ${THREAD}`
  const isReply = `(id - 1) % ${THREAD} > 0`
  await query(
    url,
    `set maintenance_work_mem = '256MB';
    create temp table kept as select indexdef from pg_indexes where schemaname = 'gitmsg'
      and tablename in ('messages', 'search_index') and indexdef not like '%UNIQUE%';
    do $$ declare one record; begin
      for one in select indexname from pg_indexes where schemaname = 'gitmsg'
        and tablename in ('messages', 'search_index') and indexdef not like '%UNIQUE%'
      loop execute format('drop index gitmsg.%I', one.indexname); end loop; end $$;
    insert into gitmsg.messages (id, uid, content, sender, timestamp, git_hash, is_synchronized, created_at, updated_at,
      path, origin_id, version, format, topic, reply_to, thread, deleted_at, synchronized_version, position, kind,
      synchronized_position)
    select id, 'u' || id, 'common word' || id % 20000, case when id % 1000 = 7 then 'rare' else 's' || id % 50 end,
      to_char(timestamp '2025-01-09' + id * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS.000Z'),
      case when is_new then null else 'c' || id end, case when is_new then 0 else 1 end, '', '', '', id, 1,
      case kind when 1 then 'reaction' else 'plain' end, 't' || (id - 1) / ${THREAD} % 100,
      case when ${isReply} then 'u' || (${root}) end, case when ${isReply} then 'u' || (${root}) end,
      case kind when 2 then '' end, case when is_new then null else 1 end, id, kind,
      case when is_new then null else id end
    from (select id, id > ${count - 100} as is_new,
      case id % 100 when 22 then 1 when 50 then 2 else 0 end as kind from generate_series(1, ${count}) as id) as ids;
    insert into gitmsg.feed_order (position, message_id) select id, id from generate_series(1, ${count}) as id;
    insert into gitmsg.outbox (sequence, message_id, version, rank, created_at)
    select id, id, 1, 1000000000, '' from generate_series(${Math.max(1, count - 99)}, ${count}) as id;
    insert into gitmsg.topics (topic, messages, last_at)
    select topic, count(*), max(timestamp) from gitmsg.messages where kind = 0 group by topic;
    insert into gitmsg.search_index (id, words)
    select id, ' common word' || id % 20000 from gitmsg.messages where kind = 0 order by id;
    update gitmsg.counters set last_id = ${count}, position = ${count}, sequence = ${count}, revision = revision + 1;
    do $$ declare one record; begin
      for one in select indexdef from kept loop execute one.indexdef; end loop; end $$;`,
  )
  await query(url, 'vacuum analyze')
}
