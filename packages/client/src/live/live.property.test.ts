import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createClient } from '../index.js'
import { type Fault, openModelServer } from '../testing/model-server.js'
import { until } from '../testing/until.js'

const TOPICS = ['a', 'b', 'c']

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('post' as const), topic: fc.constantFrom(...TOPICS) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('edit' as const, 'settle' as const, 'remove' as const, 'move' as const),
      pick: fc.nat(),
      topic: fc.constantFrom(...TOPICS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('react' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('burst' as const), count: fc.integer({ min: 1, max: 60 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'pause' as const, 'older' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), pick: fc.nat() }) },
)

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

const FAULTS: readonly Fault[] = ['drop', 'duplicate', 'swap', 'cut', 'garble']

it('the messages end equal to those of the server, whatever happens to frames, connections and histories', async () => {
  const seen = new Set<string>()
  const run = async (seed: number, before: number, topics: string[] | null, steps: Step[]) => {
    const random = seededRandom(seed)
    let isFaulty = true
    const fault = (): Fault =>
      isFaulty && random() < 0.3 ? (FAULTS[Math.floor(random() * FAULTS.length)] ?? 'none') : 'none'
    await using server = await openModelServer(fault)
    for (let count = 0; count < before; count += 1) server.post({ content: 'old', sender: 'x', topic: 'a' })
    const client = createClient({ url: server.url, WebSocket, random: () => 0 })
    const live = client.live({ limit: 5, ...(topics && { topics }) })
    live.on('reset', (reason) => seen.add(reason))
    try {
      for (const one of steps) {
        const ids = server.ids()
        const id = 'pick' in one ? (ids[one.pick % Math.max(1, ids.length)] ?? 0) : 0
        if (one.do === 'post') server.post({ content: 'new', sender: 'x', topic: one.topic })
        else if (one.do === 'edit') server.edit(id, `edited ${random()}`)
        else if (one.do === 'settle') server.settle(id)
        else if (one.do === 'remove') server.remove(id)
        else if (one.do === 'move') server.move(id, one.topic)
        else if (one.do === 'react') server.post({ content: '👍', sender: 'x', format: 'reaction' })
        else if (one.do === 'burst') {
          server.cut()
          for (let count = 0; count < one.count; count += 1)
            server.post({ content: 'more', sender: 'x', topic: 'b' })
        } else if (one.do === 'cut') server.cut()
        else if (one.do === 'restore') server.restore(ids.filter((old) => (old * (one.pick % 7)) % 3 !== 1))
        else if (one.do === 'older') void live.older({ count: 3 }).catch(() => {})
        await new Promise((resolve) => setTimeout(resolve, one.do === 'pause' ? 8 : random() * 2))
      }
      isFaulty = false
      await live.ready
      for (const injected of server.injected) seen.add(injected)
      const shown = () => JSON.stringify(live.messages)
      const expected = () => JSON.stringify(server.messages(topics).slice(0, live.messages.length))
      const isEqual = () =>
        live.status.state === 'live' &&
        JSON.stringify(live.position) === JSON.stringify(server.position()) &&
        shown() === expected()
      const beats = setInterval(() => server.beat(), 5)
      await until(isEqual, () => `${shown()} is ${expected()}`).finally(() => clearInterval(beats))
      while (await live.older({ count: 1000 })) {}
      expect(live.messages).toEqual(server.messages(topics))
    } finally {
      await live.close()
    }
  }
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.nat({ max: 12 }),
      fc.constantFrom<string[] | null>(null, ['a'], ['a', 'b']),
      fc.array(step, { minLength: 10, maxLength: 40 }),
      run,
    ),
    { numRuns: 40, endOnFailure: true },
  )
  // The test proves nothing about what did not happen.
  expect([...seen].toSorted()).toEqual([...FAULTS, 'epoch_changed', 'too_far'].toSorted())
}, 120_000)

/** A random number generator (mulberry32) that fast-check can repeat. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
