import { expect, it, vi } from 'vitest'
import { createWriteGroup, type Outcome, type WriteGroup } from './write-group.js'

const echo = async ({ items }: WriteGroup<number>): Promise<Outcome<number>[]> =>
  items.map((result) => ({ result }))

const one = () => 1
const OUTAGE = new Error('away')
const isOutage = (error: unknown) => error === OUTAGE

it('a write group writes the items of one turn of the event loop together, in order', async () => {
  const write = vi.fn(echo)
  const add = createWriteGroup({ limit: 10, sizeOf: one, write, isOutage })

  expect(await Promise.all([add(1), add(2), add(3)])).toEqual([1, 2, 3])
  expect(write.mock.calls.map(([{ items }]) => items)).toEqual([[1, 2, 3]])
})

it('a write group gathers items while the group before is being written', async () => {
  let finishFirst = () => {}
  const write = vi.fn(echo).mockImplementationOnce(async (group) => {
    await new Promise<void>((resolve) => {
      finishFirst = resolve
    })
    return echo(group)
  })
  const add = createWriteGroup({ limit: 10, sizeOf: one, write, isOutage })
  const first = add(1)
  await vi.waitFor(() => expect(write).toHaveBeenCalledOnce())
  const later = [add(2), add(3)]
  finishFirst()

  expect(await Promise.all([first, ...later])).toEqual([1, 2, 3])
  expect(write.mock.calls.map(([{ items }]) => items)).toEqual([[1], [2, 3]])
})

it('a write group never exceeds its limit', async () => {
  const write = vi.fn(echo)
  const add = createWriteGroup({ limit: 2, sizeOf: one, write, isOutage })
  await Promise.all([add(1), add(2), add(3)])
  expect(write.mock.calls.map(([{ items }]) => items)).toEqual([[1, 2], [3]])
})

it('a write group is as large as its items allow, and one item may be larger', async () => {
  const write = vi.fn(echo)
  const add = createWriteGroup({ limit: 10, sizeOf: (item: number) => item, write, isOutage })
  await Promise.all([4, 5, 2, 30, 1, 9].map(add))
  expect(write.mock.calls.map(([{ items }]) => items)).toEqual([[4, 5], [2], [30], [1, 9]])
})

it('a write group rejects one call with its own error, and all of them if the write rejects', async () => {
  const odd = new Error('odd')
  const write = vi.fn(async ({ items }: WriteGroup<number>) =>
    items.map((item): Outcome<number> => (item % 2 ? { error: odd } : { result: item })),
  )
  const add = createWriteGroup({ limit: 10, sizeOf: one, write, isOutage })
  expect(await Promise.allSettled([add(1), add(2)])).toEqual([
    { status: 'rejected', reason: odd },
    { status: 'fulfilled', value: 2 },
  ])

  write.mockRejectedValueOnce(new Error('disk'))
  const failed = await Promise.allSettled([add(2), add(4)])
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await add(6)).toBe(6)
})

it('calls that have waited all the time that a write found the database away fail with it, and later ones are tried', async () => {
  let fail = () => {}
  const write = vi.fn(echo).mockImplementationOnce(
    () =>
      new Promise((_, reject) => {
        fail = () => reject(OUTAGE)
      }),
  )
  const add = createWriteGroup({ limit: 1, sizeOf: one, write, isOutage })
  const waiting = [add(1), add(2), add(3)]
  await vi.waitFor(() => expect(write).toHaveBeenCalledOnce())
  const later = add(4)
  fail()
  for (const { status, ...rest } of await Promise.allSettled(waiting)) {
    expect({ status, ...rest }).toEqual({ status: 'rejected', reason: OUTAGE })
  }
  expect(await later).toBe(4)
  expect(write.mock.calls.map(([{ items }]) => items)).toEqual([[1], [4]])
})

it('calls that wait are tried after a write that failed for a reason of its own', async () => {
  const write = vi.fn(echo).mockRejectedValueOnce(new Error('odd'))
  const add = createWriteGroup({ limit: 1, sizeOf: one, write, isOutage })
  const [first, second] = await Promise.allSettled([add(1), add(2)])
  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled'])
})

it('items that come while a write waits can join it, in order, as long as they fit and may', async () => {
  const write = vi.fn(echo).mockImplementationOnce(async (group) => {
    await vi.waitFor(() => expect(later).toHaveLength(5))
    group.join((item) => item !== 4)
    return echo(group)
  })
  const add = createWriteGroup({ limit: 3, sizeOf: one, write, isOutage })
  const later: Promise<number>[] = []
  const first = add(1)
  await vi.waitFor(() => expect(write).toHaveBeenCalledOnce())
  later.push(...[2, 4, 5, 6, 7].map(add))
  expect(await Promise.all([first, ...later])).toEqual([1, 2, 4, 5, 6, 7])
  expect(write.mock.calls.map(([{ items }]) => items)).toEqual([[1, 2], [4, 5, 6], [7]])
})

it('items that joined a write fail with it, and the group never exceeds its limit', async () => {
  const write = vi.fn(echo).mockImplementationOnce(async ({ join }) => {
    await vi.waitFor(() => expect(later).toHaveLength(3))
    join(() => true)
    join(() => true)
    throw OUTAGE
  })
  const add = createWriteGroup({ limit: 3, sizeOf: one, write, isOutage })
  const later: Promise<number>[] = []
  const first = add(1)
  await vi.waitFor(() => expect(write).toHaveBeenCalledOnce())
  later.push(...[2, 3, 4].map(add))
  const outcomes = await Promise.allSettled([first, ...later])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled'])
  expect(write.mock.calls.map(([{ items }]) => items)).toEqual([[1, 2, 3], [4]])
})

it('a write is told how long the first of its items has waited', async () => {
  let finishFirst = () => {}
  const write = vi.fn(echo).mockImplementationOnce(async (group) => {
    await new Promise<void>((resolve) => {
      finishFirst = resolve
    })
    return echo(group)
  })
  const add = createWriteGroup<number, number>({
    limit: 10,
    sizeOf: one,
    write,
    isOutage,
  })
  const first = add(1)
  await vi.waitFor(() => expect(write).toHaveBeenCalledOnce())
  const second = add(2)
  await new Promise((resolve) => setTimeout(resolve, 30))
  const third = add(3)
  finishFirst()
  await Promise.all([first, second, third])
  expect(write.mock.calls[1]?.[0].waitedMs).toBeGreaterThan(25)
})
