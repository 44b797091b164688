import { expect, it } from 'vitest'
import { openTemporaryStore } from '../testing/index.js'
import { DRY_QUERIES, explain, openToExplain } from '../testing/query-plan.js'
import { selectOldestChanges } from './oldest-changes.js'

const LOOKUPS = [
  'SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)',
  'SEARCH versions USING INDEX sqlite_autoindex_versions_1 (message_id=? AND version=?) LEFT-JOIN',
]

/** Of 100 rows at most. */
const partOf = (search: string) => ['CO-ROUTINE part', search, 'SCAN part', 'USE TEMP B-TREE FOR ORDER BY']

it('the oldest changes are found without reading quarantined ones, or the messages of others', async () => {
  await using store = await openTemporaryStore()
  const first = selectOldestChanges(DRY_QUERIES, { limit: 100, after: undefined }).compile()
  expect(explain(openToExplain(store.path), first)).toEqual([
    'CO-ROUTINE outbox',
    'SCAN outbox USING INDEX outbox_pending',
    'SCAN outbox',
    ...LOOKUPS,
  ])

  const next = selectOldestChanges(DRY_QUERIES, { limit: 100, after: { rank: 0, sequence: 9 } }).compile()
  expect(explain(openToExplain(store.path), next)).toEqual([
    'CO-ROUTINE outbox',
    'MERGE (UNION ALL)',
    'LEFT',
    ...partOf('SEARCH outbox USING INDEX outbox_pending (rank=? AND sequence>?)'),
    'RIGHT',
    ...partOf('SEARCH outbox USING INDEX outbox_pending (rank>?)'),
    'SCAN outbox',
    ...LOOKUPS,
  ])
})
