import { expect, it } from 'vitest'
import { openTemporaryStore } from '../testing/index.js'
import { createAll } from '../testing/messages.js'
import { DRY_QUERIES, explain, openToExplain } from '../testing/query-plan.js'
import { selectQuarantinedChanges } from './quarantine.js'

it('quarantined changes are found without reading pending ones, and without sorting', async () => {
  await using store = await openTemporaryStore()
  const plan = explain(
    openToExplain(store.path),
    selectQuarantinedChanges(DRY_QUERIES, { limit: 50, before: 9 }).compile(),
  )
  expect(plan).toEqual([
    'CO-ROUTINE outbox',
    'SEARCH outbox USING INDEX outbox_quarantined (sequence<?)',
    'SCAN outbox',
    'SEARCH messages USING INTEGER PRIMARY KEY (rowid=?)',
    'SEARCH versions USING INDEX sqlite_autoindex_versions_1 (message_id=? AND version=?) LEFT-JOIN',
  ])
})

it('quarantine() replaces the reason of a change that is quarantined already', async () => {
  await using store = await openTemporaryStore()
  await createAll(store, 'u1')
  await store.quarantine('u1', 'first')
  await store.quarantine('u1', 'second')
  expect(await store.quarantineReason('u1')).toBe('second')
  expect((await store.summary()).quarantined).toBe(1)
})
