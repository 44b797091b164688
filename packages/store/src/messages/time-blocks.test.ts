import fc from 'fast-check'
import type { RawBuilder } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { openDatabase } from '../sqlite/database.js'
import { SQLITE } from '../sqlite/syntax.js'
import type { StoredMessage } from '../stored-message.js'
import { minute, record, recordedVersion } from '../testing/messages.js'
import { DRY_QUERIES, explain, openToExplain } from '../testing/query-plan.js'
import { openTemporaryStore } from '../testing/temporary-store.js'
import { createListMessages } from './list.js'
import { BLOCK_SIZE, selectBlock, skipBlocks } from './time-blocks.js'

const FIRST_IDS = [1, BLOCK_SIZE - 6, 5 * BLOCK_SIZE - 3, 2 ** 50]
const blockOf = (id: number) => Math.floor(id / BLOCK_SIZE)

/** Twelve messages from each of these ids on, whose times are in another order. */
async function openSpread() {
  const store = await openTemporaryStore()
  onTestFinished(() => store[Symbol.asyncDispose]())
  const ids = FIRST_IDS.flatMap((first) => Array.from({ length: 12 }, (_, index) => first + index))
  const versions = ids.map((preferred_id, index) =>
    recordedVersion(`u${index}`, { preferred_id, timestamp: minute((index * 29) % ids.length) }),
  )
  await record(store, ...versions)
  const database = await openDatabase({
    ...{ path: store.path, busyTimeoutMs: 1_000, signal: undefined, onMigrate() {} },
  })
  onTestFinished(() => database.close())
  return { database, messages: await store.listMessages({ limit: 1000 }) }
}

const times = fc.integer({ min: -1, max: 49 }).map(minute)
const bounds = fc.constantFrom(...FIRST_IDS, 3, BLOCK_SIZE, 2 * BLOCK_SIZE, 2 ** 50 + 5, 2 ** 51)
const range = fc
  .record({ since: times, until: times, before: bounds, after: bounds }, { requiredKeys: [] })
  .filter(({ since, until }) => since !== undefined || until !== undefined)

it('skipBlocks() begins at a message within the times, in either direction, or after it', async () => {
  const { database, messages } = await openSpread()
  const run = async <Row>(query: RawBuilder<Row>) =>
    (await database.read(({ queries }) => query.execute(queries))).rows
  let skipped = 0
  await fc.assert(
    fc.asyncProperty(
      range,
      fc.boolean(),
      fc.integer({ min: 1, max: 3 }),
      async (given, isForward, blocks) => {
        const { since = '', until = '9', before = 2 ** 51, after = 0 } = given
        const direction = isForward ? 1 : -1
        const isWithin = ({ timestamp }: StoredMessage) => timestamp >= since && timestamp < until
        const inOrder = messages.toSorted((one, other) => direction * (one.id - other.id))
        const next = inOrder
          .filter(({ id }) => (isForward ? id > after : id < before))
          .map(({ id }) => blockOf(id))
          .find((block) => messages.some((message) => blockOf(message.id) === block && isWithin(message)))
        const edge = inOrder.find((message) => blockOf(message.id) === next && isWithin(message))?.id ?? 0
        const shorter = await skipBlocks({ syntax: SQLITE, run }, { ...given, isForward }, blocks)
        const start = isForward ? shorter?.after : shorter?.before
        if (next === undefined) expect(shorter).toBeNull()
        else if (isForward) expect(start).toBe(Math.max(after, edge - 1))
        else expect(start).toBe(Math.min(before, edge + 1))
        skipped += Number(start !== undefined && start !== (isForward ? given.after : given.before))
      },
    ),
    { numRuns: 500 },
  )
  expect(skipped).toBeGreaterThan(50)
})

it('listMessages() lists the messages within times, in however many blocks they are', async () => {
  const { database, messages } = await openSpread()
  const listMessages = createListMessages(database, { maxToSort: 0, maxPerStep: 5 })
  await fc.assert(
    fc.asyncProperty(range, fc.integer({ min: 1, max: 20 }), async (given, limit) => {
      const { since = '', until = '9', before = 2 ** 51, after = 0 } = given
      const expected = messages.filter(
        ({ id, timestamp }) => id < before && id > after && timestamp >= since && timestamp < until,
      )
      const page = given.after === undefined ? expected.slice(0, limit) : expected.slice(-limit)
      expect(await listMessages({ ...given, limit })).toEqual(page)
    }),
    { numRuns: 300 },
  )
})

it.each([true, false])('blocks are looked up by ids and times, forward: %j', async (isForward) => {
  await using store = await openTemporaryStore()
  const query = selectBlock(SQLITE, { isForward, until: minute(1) }, 9).compile(DRY_QUERIES)
  for (const step of explain(openToExplain(store.path), query)) {
    expect(step).toMatch(
      /^(CO-ROUTINE block|SETUP|RECURSIVE STEP|SCAN (CONSTANT ROW|block)|(CORRELATED )?SCALAR SUBQUERY \d+|USE TEMP B-TREE FOR ORDER BY|SEARCH messages USING (INTEGER PRIMARY KEY \(rowid[<>]\?\)|COVERING INDEX \w+ \(id[<>]\?\))|SEARCH e USING COVERING INDEX (messages_by_block \(<expr>=\? AND timestamp<\?|messages_by_id \(id>\? AND id<\?)\))$/,
    )
  }
})
