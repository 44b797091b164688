import { expect } from 'vitest'
import type { Position, Store, StoredMessage } from '../../index.js'
import { openPostgresStore } from '../../postgres/index.js'
import { CURSOR, edit, newMessage } from '../messages.js'

const WRITERS = 3
/** They share a transaction. */
const POSTS_AT_ONCE = 40
const EDITS_AT_ONCE = 4
const PAGE_SIZE = 1_000

/**
 * Expects that a reader that pages by id, and one that follows the feed, miss nothing and read nothing twice while three
 * stores post and edit, and another one settles. Each page is read as soon as the one before has arrived.
 *
 * @param perWriter how many messages each of the three posts
 */
export async function expectNothingMissed(url: string, perWriter: number): Promise<void> {
  const open = () => openPostgresStore({ url, connections: 2 })
  const [paging, following, settling] = [await open(), await open(), await open()]
  const writers = await Promise.all(Array.from({ length: WRITERS }, open))
  const start = await following.position()
  const posting = new AbortController()
  const changing = new AbortController()

  const posts = writers.map((store, writer) => postAndEdit(store, writer, perWriter))
  const changes = Promise.all([
    Promise.all(posts).finally(() => posting.abort()),
    settleAll(settling, posting.signal),
  ]).finally(() => changing.abort())
  const [ids, feed] = await Promise.all([
    pageById(paging, changing.signal),
    follow(following, start, changing.signal),
    changes,
  ])

  const total = WRITERS * perWriter
  expect(ids).toEqual(Array.from({ length: total }, (_, index) => index + 1))
  const stored = await listAll(paging)
  expect(stored.map(({ id }) => id)).toEqual(ids)
  expect(stored.filter(({ version }) => version > 1).length).toBeGreaterThan(0)
  expect(stored.filter((message) => message.is_synchronized).length).toBeGreaterThan(0)
  // Read more often than there are messages, or the feed was not followed while they changed.
  expect(feed.pages).toBeGreaterThan(total / PAGE_SIZE)
  expect(feed.latest.size).toBe(total)
  for (const message of stored) expect(feed.latest.get(message.id)).toEqual(message)
  await Promise.all([paging, following, settling, ...writers].map((store) => store.close()))
}

/** Posts in groups, and edits some of what it has posted before between them. */
async function postAndEdit(store: Store, writer: number, count: number): Promise<void> {
  const uidAt = (number: number) => `${writer}-${number}`
  for (let posted = 0; posted < count; posted += POSTS_AT_ONCE) {
    const length = Math.min(POSTS_AT_ONCE, count - posted)
    const posts = Array.from({ length }, (_, index) =>
      store.createMessage(newMessage({ uid: uidAt(posted + index) })),
    )
    const edits = Array.from({ length: posted > 0 ? EDITS_AT_ONCE : 0 }, (_, index) =>
      edit(store, uidAt(((posted + index) * 7) % posted), `edited after ${posted}`),
    )
    await Promise.all([...posts, ...edits])
  }
}

/** Settles the oldest changes, again and again, while others post. */
async function settleAll(store: Store, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const changes = await store.oldestChanges(PAGE_SIZE)
    const published = changes.map(({ message: { uid, version } }) => ({ uid, version, git_hash: 'c1' }))
    await store.settle({ published, cursor: CURSOR })
  }
}

/** The ids in the order in which they were read. */
async function pageById(store: Store, signal: AbortSignal): Promise<number[]> {
  const ids: number[] = []
  for (let isComplete = false; !isComplete; ) {
    const isUnchanging = signal.aborted
    const page = await store.listMessages({ after: ids.at(-1) ?? 0, include: 'all', limit: PAGE_SIZE })
    ids.push(...page.map(({ id }) => id).reverse())
    isComplete = isUnchanging && page.length === 0
  }
  return ids
}

/** Each message as the feed had it last. Expects that positions ascend, within a page and from one to the next. */
async function follow(store: Store, start: Position, signal: AbortSignal) {
  const latest = new Map<number, StoredMessage>()
  let pages = 0
  let { position } = start
  for (let isComplete = false; !isComplete; ) {
    const isUnchanging = signal.aborted
    const page = await store.changedSince({ ...start, position }, PAGE_SIZE)
    for (const message of page) {
      expect(message.position).toBeGreaterThan(position)
      position = message.position
      latest.set(message.id, message)
    }
    pages += Number(page.length > 0)
    isComplete = isUnchanging && page.length === 0
  }
  return { latest, pages }
}

/** From the lowest id on. */
async function listAll(store: Store): Promise<StoredMessage[]> {
  const messages: StoredMessage[] = []
  for (let page: StoredMessage[] = []; ; messages.push(...page)) {
    page = (
      await store.listMessages({ after: messages.at(-1)?.id ?? 0, include: 'all', limit: PAGE_SIZE })
    ).reverse()
    if (page.length === 0) return messages
  }
}
