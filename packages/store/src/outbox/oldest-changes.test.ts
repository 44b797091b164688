import { expect, it } from 'vitest'
import { openTemporaryStore } from '../testing/index.js'
import { DRY_QUERIES, explain } from '../testing/query-plan.js'
import { selectOldestChanges } from './oldest-changes.js'

it('the oldest changes are found without reading quarantined ones, and without sorting', async () => {
  await using store = await openTemporaryStore()
  const plan = explain(store.path, selectOldestChanges(DRY_QUERIES, { limit: 100, after: 9 }).compile())
  expect(plan).toEqual([
    'SEARCH outbox USING INDEX outbox_pending (sequence>?)',
    'SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)',
  ])
})
