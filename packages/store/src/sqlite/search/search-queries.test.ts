import { expect, it } from 'vitest'
import type { SearchFilters } from '../../search/search-filters.js'
import { openTemporaryStore } from '../../testing/index.js'
import { minute } from '../../testing/messages.js'
import { DRY_QUERIES, explain, openToExplain } from '../../testing/query-plan.js'
import { toSearchPatterns } from '../../text/search-patterns.js'
import { toExpression } from '../search-index/entries.js'
import {
  countHits,
  type Hits,
  selectFound,
  selectIds,
  selectPartitions,
  selectPassing,
  selectTail,
  selectTexts,
} from './search-queries.js'

const GIVEN = { sender: 'ada', topic: 'deploys', thread: 'u1', since: minute(1), until: minute(2) }
const NAMES = ['sender', 'topic', 'thread', 'since', 'until'] as const

/** Every combination of filters, with and without given ids. */
const combinations: Hits[] = Array.from({ length: 2 ** NAMES.length }, (_, bits): SearchFilters => {
  const chosen = NAMES.filter((_, index) => bits & (1 << index))
  return Object.fromEntries(chosen.map((name) => [name, GIVEN[name]]))
}).flatMap((filters) => {
  const expression = toExpression(toSearchPatterns({ words: ['one'] }), 0)
  const hits = { expression, filters, before: 50, after: 9 }
  return [hits, { ...hits, ids: [10, 11] }]
})

/** The index of words comes first, and everything else is looked up for one id in an index that holds all it needs. */
const ALLOWED_STEPS = [
  /^SCAN search VIRTUAL TABLE INDEX \d+:/,
  /^(LIST|(CORRELATED )?SCALAR) SUBQUERY \d+$/,
  /^CO-ROUTINE|^SCAN \(subquery/,
  /^SCAN json_each VIRTUAL TABLE/,
  /^SEARCH messages USING INTEGER PRIMARY KEY \(rowid=\?\)$/,
  /^SEARCH messages USING COVERING INDEX sqlite_autoindex_messages_1 \(uid=\?\)$/,
  /^SEARCH e USING COVERING INDEX messages_by_(sender|topic|thread) \(\w+=\?( AND kind=\?)? AND rowid=\?\)$/,
  /^SEARCH e USING COVERING INDEX messages_by_id \(id=\?( AND timestamp[<>]\?( AND timestamp<\?)?)?\)$/,
]
/** The given ids are few. */
const SORT_OF_GIVEN_IDS = /^USE TEMP B-TREE FOR ORDER BY$/
/** The tail is short. */
const RANGE_OF_IDS = /^SEARCH messages USING INDEX messages_by_id \(id>\? AND id<\?\)$/

it('the queries of a search look up words or given ids, and scan nothing', async () => {
  await using store = await openTemporaryStore()
  const reader = openToExplain(store.path)
  for (const hits of combinations) {
    const allowed = hits.ids ? [...ALLOWED_STEPS, SORT_OF_GIVEN_IDS] : ALLOWED_STEPS
    for (const query of [selectFound(hits, 20), selectIds(hits, 20), countHits(hits, 20)]) {
      for (const step of explain(reader, query.compile(DRY_QUERIES))) {
        expect(
          allowed.some((pattern) => pattern.test(step)),
          `${JSON.stringify(hits)}: ${step}`,
        ).toBe(true)
      }
    }
  }
  for (const { filters, before, after } of combinations) {
    for (const query of [selectTail({ filters, before, after }, 20), selectPassing([10, 11], filters)]) {
      for (const step of explain(reader, query.compile(DRY_QUERIES))) {
        expect(
          [...ALLOWED_STEPS, RANGE_OF_IDS].some((pattern) => pattern.test(step)),
          step,
        ).toBe(true)
      }
    }
  }
  for (const step of explain(reader, selectTexts([10, 11]).compile(DRY_QUERIES))) {
    expect(
      ALLOWED_STEPS.some((pattern) => pattern.test(step)),
      step,
    ).toBe(true)
  }
  for (const step of explain(reader, selectPartitions(50, 9).compile(DRY_QUERIES))) {
    expect(step).toMatch(
      /^(CO-ROUTINE|SETUP|RECURSIVE STEP|(CORRELATED )?SCALAR SUBQUERY|SCAN newest|SEARCH messages USING (INTEGER PRIMARY KEY|COVERING))/,
    )
  }
})
