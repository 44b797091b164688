import { expect, it } from 'vitest'
import { openTemporaryStore } from '../testing/index.js'
import { DRY_QUERIES, explain, openToExplain } from '../testing/query-plan.js'
import { selectOldestChanges } from './oldest-changes.js'

const LOOKUPS = [
  'SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)',
  'SEARCH versions USING INDEX sqlite_autoindex_versions_1 (message_id=? AND version=?) LEFT-JOIN',
]

it('the oldest changes are found without reading quarantined ones, and without sorting', async () => {
  await using store = await openTemporaryStore()
  const first = selectOldestChanges(DRY_QUERIES, { limit: 100, after: undefined }).compile()
  expect(explain(openToExplain(store.path), first)).toEqual([
    'SCAN outbox USING INDEX outbox_pending',
    ...LOOKUPS,
  ])

  const next = selectOldestChanges(DRY_QUERIES, { limit: 100, after: { rank: 0, sequence: 9 } }).compile()
  expect(explain(openToExplain(store.path), next)).toEqual([
    'MERGE (UNION ALL)',
    'LEFT',
    'SEARCH outbox USING INDEX outbox_pending (rank=? AND sequence>?)',
    ...LOOKUPS,
    'RIGHT',
    'SEARCH outbox USING INDEX outbox_pending (rank>?)',
    ...LOOKUPS,
  ])
})
