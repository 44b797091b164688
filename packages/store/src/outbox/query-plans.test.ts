import { expect, it } from 'vitest'
import { dryQueries } from '../testing/dry-queries.js'
import { openTemporaryStore } from '../testing/index.js'
import { explain } from '../testing/query-plan.js'
import { selectOldestChanges } from './oldest-changes.js'
import { selectQuarantinedChanges } from './quarantined-changes.js'

const message = 'SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)'

it('finds the oldest changes without passing over quarantined ones, and without sorting', async () => {
  await using store = await openTemporaryStore()
  const plan = explain(store.path, selectOldestChanges(dryQueries, { limit: 100, after: 9 }).compile())
  expect(plan).toEqual(['SEARCH outbox USING INDEX outbox_pending (sequence>?)', message])
})

it('finds quarantined changes without passing over pending ones, and without sorting', async () => {
  await using store = await openTemporaryStore()
  const plan = explain(store.path, selectQuarantinedChanges(dryQueries, { limit: 50, before: 9 }).compile())
  expect(plan).toEqual(['SEARCH outbox USING INDEX outbox_quarantined (sequence<?)', message])
})
