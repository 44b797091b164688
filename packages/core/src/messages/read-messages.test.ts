import type { MessageQuery } from '@gitmsg/store'
import { newMessage, openTemporaryStore } from '@gitmsg/store/testing'
import { expect, it } from 'vitest'
import { readInParts } from './read-in-parts.js'
import { listMessages, listQuarantined } from './read-messages.js'

it('listMessages() returns the same page in parts as in one read, in both directions and with filters', async () => {
  const store = await openTemporaryStore()
  const time = '2025-01-09T00:06:41.000Z'
  for (let number = 1; number <= 120; number += 1) {
    const uid = `u${number}`
    const times = { timestamp: time, created_at: time, updated_at: time }
    await store.createMessage({ uid, content: 'x', sender: `s${number % 2}`, path: () => uid, ...times })
  }
  const queries = [
    {},
    { limit: 25 },
    { limit: 26 },
    { limit: 100 },
    { limit: 1000 },
    { before: 60, limit: 30 },
  ]
  const forward = [
    { after: 10, limit: 60 },
    { after: 100 },
    { after: 200 },
    { after: 10, before: 90, limit: 70 },
  ]
  for (const query of [...queries, ...forward, { sender: 's1', limit: 55 }]) {
    const { messages } = await listMessages(store, query)
    expect(messages).toEqual(
      (await store.listMessages(query)).map((message) => ({ ...message, reactions: {} })),
    )
  }
  await store.close()
})

it('listMessages() returns the query of the next page, and null on the last', async () => {
  await using store = await openTemporaryStore()
  for (let number = 1; number <= 5; number += 1) await store.createMessage(newMessage())
  const ids = async (query: MessageQuery) => {
    const { messages, next } = await listMessages(store, query)
    return [messages.map(({ id }) => id), next]
  }
  expect(await ids({ limit: 2 })).toEqual([[5, 4], { limit: 2, before: 4 }])
  expect(await ids({ limit: 2, before: 4 })).toEqual([[3, 2], { limit: 2, before: 2 }])
  expect(await ids({ limit: 2, before: 3 })).toEqual([[2, 1], null])
  expect(await ids({ limit: 2, after: 0 })).toEqual([[2, 1], { limit: 2, after: 2 }])
  expect(await ids({ limit: 2, after: 3 })).toEqual([[5, 4], null])
})

it('listQuarantined() returns the same page in parts as in one read', async () => {
  await using store = await openTemporaryStore()
  for (let number = 1; number <= 60; number += 1) {
    await store.createMessage(newMessage({ uid: `u${number}` }))
    await store.quarantine(`u${number}`, `reason ${number}`)
  }
  for (const page of [
    {},
    { limit: 9 },
    { limit: 10 },
    { limit: 25 },
    { limit: 1000 },
    { before: 33, limit: 21 },
  ])
    expect(await listQuarantined(store, page)).toEqual(await store.quarantinedChanges(page))
})

/** Numbers from 1 on, and the reads of them: how many, after which, and in which turn of the event loop. */
function openNumbers(length: number, size = 32_768) {
  const reads: { wanted: number; last: number | undefined; turn: number }[] = []
  let turn = 0
  let counting = true
  const count = () => {
    turn += 1
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  return {
    reads,
    sizeOf: () => size,
    async readPart(wanted: number, last = 0): Promise<number[]> {
      reads.push({ wanted, last: last || undefined, turn })
      return Array.from({ length: Math.min(wanted, length - last) }, (_, index) => last + index + 1)
    },
    [Symbol.dispose]() {
      counting = false
    },
  }
}

const upTo = (length: number) => Array.from({ length }, (_, index) => index + 1)

it('readInParts() reads every part in a turn of its own', async () => {
  using numbers = openNumbers(1000)
  expect(await readInParts({}, 25, numbers)).toEqual(upTo(25))
  expect(numbers.reads.map(({ wanted, last }) => [wanted, last])).toEqual([
    [10, undefined],
    [10, 10],
    [5, 20],
  ])
  expect(new Set(numbers.reads.map(({ turn }) => turn)).size).toBe(3)
})

it('readInParts() reads more at a time after small items', async () => {
  using numbers = openNumbers(1000, 100)
  expect(await readInParts({}, 100, numbers)).toEqual(upTo(100))
  expect(numbers.reads.map(({ wanted }) => wanted)).toEqual([10, 50, 40])
  using page = openNumbers(1000, 100)
  await readInParts({}, 51, page)
  expect(page.reads).toHaveLength(2)
})

it('readInParts() reads as many large items at a time as the store can', async () => {
  using numbers = openNumbers(1000)
  expect(await readInParts({ messagesPerRead: 64 }, 100, numbers)).toEqual(upTo(100))
  expect(numbers.reads.map(({ wanted }) => wanted)).toEqual([64, 36])
})

it.each([
  [0, 50, 1],
  [7, 50, 1],
  [10, 50, 2],
  [12, 50, 2],
  [12, 12, 2],
  [10, 10, 1],
])('readInParts() of %i items with limit %i takes %i parts', async (length, limit, parts) => {
  using numbers = openNumbers(length)
  expect(await readInParts({}, limit, numbers)).toEqual(upTo(Math.min(length, limit)))
  expect(numbers.reads).toHaveLength(parts)
})
