import { findPostgres, query } from '@gitmsg/test-postgres'
import type { RawBuilder } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SearchFilters } from '../../search/search-filters.js'
import { minute } from '../../testing/messages.js'
import { createStoreDatabases } from '../../testing/postgres-databases.js'
import { type SearchTerms, toSearchPatterns } from '../../text/search-patterns.js'
import { openDatabase, type PostgresDatabase } from '../database.js'
import { openPostgresStore } from '../index.js'
import { createReader, type PostgresReader } from '../reader.js'
import {
  countOccurrences,
  selectFound,
  selectFoundAmong,
  selectMessages,
  selectNewest,
} from './search-queries.js'

const TERMS: SearchTerms[] = [
  { words: ['common'] },
  { prefix: 'co' },
  { words: ['common', 'rare'], without: ['other'] },
  { phrases: ['common word7'], without: ['a phrase'], prefix: 'wo' },
  { phrases: ['東京都'], without: ['大', 'other'] },
  { words: ['common'], phrases: ['東京都'], without: ['other'] },
]
const GIVEN = { sender: 'rare', topic: 'deploys', thread: 'u1', since: minute(1), until: minute(2) }
const FILTERS: SearchFilters[] = [
  {},
  { sender: 'rare' },
  { topic: 'deploys' },
  { thread: 'u1' },
  { since: minute(1) },
  GIVEN,
]
const PARTITIONS = { highest: 4, count: 5, maxHits: 4_000 }

/** As many messages as `count`, by SQL. All have the commonest word, and few are of the rare sender. */
const fill = (count: number) => `
  insert into gitmsg.messages (id, uid, content, sender, timestamp, is_synchronized, created_at, updated_at, path,
    origin_id, version, format, topic, position, kind)
  select id, 'u' || id, 'common word' || id % 100, case when id % 5000 = 0 then 'rare' else 'ada' end,
    '2025-01-09T00:00:00.000Z', 0, '', '', '', id, 1, 'plain', 'deploys', id, 0
  from generate_series(1, ${count}) as id;
  insert into gitmsg.search_index (id, words)
  select id, ' common word' || id % 100 from generate_series(1, ${count}) as id;
  update gitmsg.counters set last_id = ${count}, position = ${count};
  analyze gitmsg.messages; analyze gitmsg.search_index;
`

const server = await findPostgres()

describe.skipIf(server === null)('on PostgreSQL', () => {
  const databases = createStoreDatabases(server ?? '')
  afterAll(() => databases[Symbol.asyncDispose]())

  describe.each([0, 20, 20_000])('with %i messages', (count) => {
    let url: string
    let database: PostgresDatabase
    let client: pg.Client
    let reader: PostgresReader

    beforeAll(async () => {
      url = await databases.take()
      await query(url, fill(count))
      const [schema, signal] = ['gitmsg', undefined]
      database = await openDatabase({
        ...{ url, schema, connections: 1, busyTimeoutMs: 1_000, signal, listenUrl: null },
        ...{ migrate: true, onMigrate() {}, onNewerSchema: undefined },
      })
      reader = createReader(database.queries, schema)
      client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query('set enable_seqscan = off')
    })
    afterAll(async () => {
      await client.end()
      await database.close()
      await databases.giveBack(url)
    })

    /** How the planner reads each table: one line for each scan. Expects that no index is read from end to end. */
    async function scansOf(built: RawBuilder<unknown>): Promise<string[]> {
      const { sql, parameters } = built.compile(database.queries)
      const { rows } = await client.query(`explain ${sql}`, [...parameters])
      const nodes = rows
        .map((row) => row['QUERY PLAN'])
        .join('\n')
        .split('->')
      return nodes.flatMap((node) => {
        const scan = /(\w[\w ]* Scan.*?) {2}\(/.exec(node)?.[1]
        if (scan?.includes('Index')) expect(node, scan).toContain('Index Cond: ')
        return scan ?? []
      })
    }

    it('the words of a search are looked up in their index, and everything else by ids', async () => {
      for (const terms of TERMS) {
        for (const filters of FILTERS) {
          const search = { patterns: toSearchPatterns(terms), filters, before: 15_000, limit: 21 }
          const newest = selectNewest(reader, search, 100)
          for (const scan of await scansOf(newest)) expect(scan).toMatch(ALLOWED_NEWEST)
          for (const wanted of ['messages', 'ids'] as const) {
            const scans = await scansOf(selectFound(reader, search, { ...PARTITIONS, wanted }))
            expect(scans.some((scan) => /^Bitmap Index Scan on search_index_(words|pairs)$/.test(scan))).toBe(
              true,
            )
            for (const scan of scans) expect(scan).toMatch(ALLOWED)
          }
        }
        const patterns = toSearchPatterns(terms)
        for (const scan of await scansOf(countOccurrences(reader, patterns, [5, 6], 4))) {
          expect(scan).toMatch(
            /using search_index_pkey on search_index|search_index_(words|pairs)|Bitmap Heap Scan on search_index|CTE Scan|Result/,
          )
        }
      }
      for (const scan of await scansOf(selectMessages(reader, [5, 6]))) {
        expect(scan).toMatch(/on messages$|Bitmap Index Scan on messages_\w+$/)
      }
    })

    it('the few messages of a rare sender are looked up by their ids, and no partition is searched', async () => {
      const patterns = toSearchPatterns({ words: ['common'] })
      const search = { patterns, filters: { sender: 'rare' }, before: 15_000, limit: 21 }
      const among = selectFoundAmong(reader, search, {
        source: 'sender',
        wanted: 'messages',
        maxCandidates: 500,
      })
      const scans = await scansOf(among)
      expect(scans.join('; ')).not.toContain('search_index_words')
      for (const scan of scans)
        expect(scan).toMatch(
          /on search_index|search_index_pkey|messages_(by_\w+|pkey)|Subquery Scan|CTE Scan/,
        )
    })
  })

  it('searchMessages() of a rare sender, and by two letters, finds the newest among 20,000', async () => {
    const url = await databases.take()
    await query(url, fill(20_000))
    const store = await openPostgresStore({ url, connections: 1 })
    const ids = async (search: SearchTerms & SearchFilters) =>
      (await store.searchMessages({ ...search, limit: 3 })).messages.map(({ id }) => id)
    expect(await ids({ words: ['common'], sender: 'rare' })).toEqual([20_000, 15_000, 10_000])
    expect(await ids({ prefix: 'co', sender: 'ada' })).toEqual([19_999, 19_998, 19_997])
    expect(await ids({ phrases: ['common word7'] })).toEqual([19_907, 19_807, 19_707])
    await store.close()
    await databases.giveBack(url)
  })
})

const ALLOWED = new RegExp(
  [
    'Bitmap Index Scan on search_index_(words|pairs)$',
    'Bitmap Heap Scan on search_index search$',
    'Index Only Scan Backward using search_index_pkey on search_index$',
    'Function Scan on generate_series part$',
    'CTE Scan on hits( hits_\\d+)?$',
    'Subquery Scan on \\w+$',
    'Index (Only )?Scan (Backward )?using messages_\\w+ on messages( \\w+)?$',
    'Bitmap Heap Scan on messages( \\w+)?$',
    'Bitmap Index Scan on messages_\\w+$',
  ].join('|'),
)
/** Also the newest entries, the row of the progress, and what the statement itself has found. */
const ALLOWED_NEWEST = new RegExp(
  `${ALLOWED.source}|^Index Scan (Backward )?using search_index_pkey on search_index|^Seq Scan on search_progress|^CTE Scan on \\w+`,
)
