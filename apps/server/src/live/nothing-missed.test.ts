import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Position, Store } from '@gitmsg/store'
import { newMessage } from '@gitmsg/store/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type LiveSocket, openSocket } from '../testing/live/open-socket.js'
import { openTestServer } from '../testing/servers/open-test-server.js'

const TOTAL = 10_000
const WRITERS = 2
/** Beyond 5,000 messages a client is sent a reset. */
const MAX_BEHIND = 3_000

type TestServer = Awaited<ReturnType<typeof openTestServer>>

interface Known {
  readonly uid: string
  readonly position: number
}

/** A client that knows what it has been sent, and resumes where its chain ends. */
function createClient(url: string) {
  const known = new Map<string, Known>()
  let place: Position | null = null
  let applied = 0
  let doubled = 0

  function apply(message: Known): void {
    const before = known.get(message.uid)
    if (before && before.position >= message.position) doubled += 1
    else known.set(message.uid, message)
    applied += 1
  }

  /** Stays connected for a time, or until a position. */
  async function connect({ ms, position }: { ms?: number; position?: number }): Promise<void> {
    using live = await openSocket(url, { hello: { after: place } })
    if (position === undefined) await pause(ms)
    else await live.until((frame) => frame.position === position, 60_000)
    live.socket.removeAllListeners('message')
    take(live)
  }

  function take(live: LiveSocket): void {
    expect(live.frames.filter(({ type }) => type === 'reset')).toEqual([])
    for (const message of live.messages()) apply(message)
    if (live.frames.length > 0) place = live.place()
  }

  return {
    known,
    connect,
    position: () => place?.position ?? 0,
    start: (from: Position) => (place = from),
    counts: () => ({ applied, doubled }),
  }
}

/** Writes as fast as the slowest client reads. */
async function write(store: Store, slowest: () => number): Promise<void> {
  const count = TOTAL / WRITERS
  const all = Array.from({ length: count }, () => randomUUID())
  for (let start = 0; start < count; start += 100) {
    const uids = all.slice(start, start + 100)
    await Promise.all(uids.map((uid) => store.createMessage(newMessage({ uid }))))
    const updated_at = new Date().toISOString()
    await store.editMessage({ key: uids[0] as string, content: 'edited', updated_at })
    await store.editMessage({
      key: all[start / 2] as string,
      content: `edited ${start}`,
      updated_at,
    })
    await store.deleteMessage({ key: uids[1] as string, updated_at })
    await store.settle({
      published: [{ uid: uids[2] as string, version: 1, git_hash: 'a'.repeat(40) }],
      cursor: { commit: 'a'.repeat(40), format: 1 },
    })
    do await pause(80)
    while ((await store.position()).position - slowest() > MAX_BEHIND)
  }
}

async function readFeed(server: TestServer): Promise<Map<string, Known>> {
  const feed = new Map<string, Known>()
  for (let after = ''; ; ) {
    const { json } = await server.request(`/changes?limit=1000${after}`)
    for (const message of json.messages) feed.set(message.uid, message)
    if (json.messages.length === 0) return feed
    after = `&after=${json.epoch}:${json.position}`
  }
}

it('clients that disconnect at any time miss nothing and get nothing twice, with two writers', {
  timeout: 180_000,
}, async () => {
  await using server = await openTestServer({ isStandby: true })
  await using other = await server.store.other()
  const start = await server.store.position()
  const clients = Array.from({ length: 4 }, () => createClient(server.url))
  let isWriting = true
  for (const client of clients) client.start(start)
  const slowest = () => Math.min(...clients.map(({ position }) => position()))
  const writing = Promise.all([server.store, other].map((store) => write(store, slowest))).finally(() => {
    isWriting = false
  })
  const times = fc.sample(fc.tuple(fc.nat(300), fc.nat(300)), 2_000)

  async function comeAndGo(client: (typeof clients)[number], index: number): Promise<number> {
    let visits = 0
    for (const [online, offline] of times.slice(index * 500)) {
      if (!isWriting) break
      await client.connect({ ms: online })
      await pause(offline)
      visits += 1
    }
    return visits
  }

  const visits = await Promise.all(clients.map(comeAndGo))
  await writing
  const { position } = await server.store.position()
  const feed = await readFeed(server)
  expect(feed.size).toBe(TOTAL)
  for (const client of clients) {
    await client.connect({ position })
    expect(client.counts()).toMatchObject({ doubled: 0 })
    expect(client.known.size).toBe(TOTAL)
    expect(
      [...feed].filter(([uid, message]) => client.known.get(uid)?.position !== message.position),
    ).toEqual([])
    expect(Object.fromEntries(client.known)).toEqual(Object.fromEntries(feed))
  }
  expect(Math.min(...visits)).toBeGreaterThan(3)
})
