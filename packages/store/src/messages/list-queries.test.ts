import type { Database } from 'better-sqlite3'
import { expect, it } from 'vitest'
import type { MessageQuery } from '../index.js'
import { openTemporaryStore } from '../testing/index.js'
import { minute } from '../testing/messages.js'
import { DRY_QUERIES, DRY_READER, explain, openToExplain } from '../testing/query-plan.js'
import {
  countEntries,
  EQUALITIES,
  equalitiesOf,
  type IdRange,
  type IdSource,
  selectEdge,
  selectMessages,
} from './list-queries.js'

const FILTERS = [
  'sender',
  'topic',
  'thread',
  'reply_to',
  'since',
  'until',
  'synchronized',
  'before',
  'after',
] as const
const GIVEN: MessageQuery = {
  sender: 'ada',
  topic: 'deploys',
  thread: 'u1',
  reply_to: 'u1',
  since: minute(1),
  until: minute(2),
  synchronized: true,
  before: 50,
  after: 9,
}

/** Every combination of filters, with both values of `synchronized`. */
const combinations: IdRange[] = Array.from({ length: 2 ** FILTERS.length }, (_, bits) => {
  const chosen = FILTERS.filter((_, index) => bits & (1 << index))
  const query: MessageQuery = Object.fromEntries(chosen.map((name) => [name, GIVEN[name]]))
  return { ...query, isForward: query.after !== undefined }
}).flatMap((range) => (range.synchronized ? [range, { ...range, synchronized: false }] : [range]))

/** Every step of a plan must be one of these: no message is read but by its id, and nothing is scanned but an index. */
const ALLOWED_STEPS = [
  /^(LIST|(CORRELATED )?SCALAR) SUBQUERY \d+$/,
  /^CO-ROUTINE|^SCAN (\(subquery|entries$)/,
  /^SEARCH messages USING INTEGER PRIMARY KEY \(rowid=\?\)$/,
  /^SEARCH e USING COVERING INDEX messages_by_(sender|topic|thread|reply_to) \(\w+=\?( AND kind=\?)? AND rowid=\?\)$/,
  /^SEARCH e USING COVERING INDEX messages_by_id \(id=\?( AND timestamp[<>]\?( AND timestamp<\?)?)?\)$/,
  /^SEARCH o USING COVERING INDEX sqlite_autoindex_outbox_1 \(message_id=\?\)$/,
]
/** Reactions and tombstones are short: their conditions are looked up in the messages, by an index of only them. */
const byId = (index: string) =>
  new RegExp(`^(SCAN|SEARCH) m USING (COVERING )?INDEX ${index}( \\(id[<>]\\?( AND id<\\?)?\\))?$`)
const byEquality =
  /^SEARCH m USING COVERING INDEX messages_by_(sender|topic|thread|reply_to) \(\w+=\?( AND kind=\?)?( AND rowid[<>]\?)*\)$/
const STEPS_OF_SOURCE: Record<IdSource, RegExp[]> = {
  sender: [byEquality],
  topic: [byEquality],
  thread: [byEquality],
  reply_to: [byEquality],
  sender_and_topic: [
    /^SEARCH m USING COVERING INDEX messages_by_sender_and_topic \(sender=\? AND topic=\?( AND rowid[<>]\?)*\)$/,
  ],
  messages: [byId('messages_by_id')],
  reactions: [byId('messages_reactions_by_id')],
  deleted: [byId('messages_deleted')],
  all: [/^(SCAN m|SEARCH m USING INTEGER PRIMARY KEY \(rowid[<>]\?( AND rowid<\?)?\))$/],
  first: [/^SEARCH m USING INDEX sqlite_autoindex_messages_1 \(uid=\?\)$/],
  // A limited number of entries, which are scanned and sorted.
  times: [
    /^SCAN m$/,
    /^SEARCH m USING COVERING INDEX messages_by_timestamp \(timestamp[<>]\?( AND timestamp<\?)?\)$/,
    /^USE TEMP B-TREE FOR ORDER BY$/,
  ],
  outbox: [/^(SCAN|SEARCH) m USING COVERING INDEX sqlite_autoindex_outbox_1( \(message_id[<>]\?.*\))?$/],
}

/** All sources by which a page of this range may be read. */
const sourcesOf = (range: IdRange): IdSource[] => [
  'messages',
  ...EQUALITIES.filter((column) => range[column] !== undefined),
  ...equalitiesOf(range),
  ...(range.since !== undefined || range.until !== undefined ? (['times'] as const) : []),
  ...(range.synchronized === false ? (['outbox'] as const) : []),
  ...(range.thread !== undefined ? (['first'] as const) : []),
  'reactions',
  'deleted',
]

function expectAllowed(reader: Database, range: IdRange, source: IdSource): void {
  const queries = [
    selectMessages(DRY_READER, range, { source, limit: 50 }).compile(),
    countEntries(DRY_READER, range, { source, limit: 100 }).compile(DRY_QUERIES),
  ]
  if (source !== 'first')
    queries.push(selectEdge(DRY_READER, range, { source, entries: 100 }).compile(DRY_QUERIES))
  for (const step of queries.flatMap((query) => explain(reader, query))) {
    const isAllowed = [...ALLOWED_STEPS, ...STEPS_OF_SOURCE[source]].some((pattern) => pattern.test(step))
    expect(isAllowed, `${source} ${JSON.stringify(range)}: ${step}`).toBe(true)
  }
}

it('listMessages() has an index for every combination of conditions, whatever it is searched by', async () => {
  await using store = await openTemporaryStore()
  const reader = openToExplain(store.path)
  expect(combinations).toHaveLength(768)
  for (const range of combinations) {
    for (const source of sourcesOf(range)) expectAllowed(reader, range, source)
  }
})

it.each([{}, { before: 50 }, { after: 9 }, { before: 50, after: 9 }])(
  'listMessages({ include: "all" }) takes the same time at any depth: %j',
  async (query) => {
    await using store = await openTemporaryStore()
    expectAllowed(openToExplain(store.path), { ...query, isForward: query.after !== undefined }, 'all')
  },
)
