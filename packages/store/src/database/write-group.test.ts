import { expect, it, vi } from 'vitest'
import { createWriteGroup, type Outcome } from './write-group.js'

const echo = async (items: readonly number[], _waitedMs?: number): Promise<Outcome<number>[]> =>
  items.map((result) => ({ result }))

const one = () => 1
const OUTAGE = new Error('away')
const isOutage = (error: unknown) => error === OUTAGE

it('a write group writes the items of one turn of the event loop together, in order', async () => {
  const write = vi.fn(echo)
  const add = createWriteGroup({ limit: 10, sizeOf: one, write, isOutage })

  expect(await Promise.all([add(1), add(2), add(3)])).toEqual([1, 2, 3])
  expect(write.mock.calls.map(([items]) => [items])).toEqual([[[1, 2, 3]]])
})

it('a write group gathers items while the group before is being written', async () => {
  let finishFirst = () => {}
  const write = vi.fn(echo).mockImplementationOnce(async (items) => {
    await new Promise<void>((resolve) => {
      finishFirst = resolve
    })
    return echo(items)
  })
  const add = createWriteGroup({ limit: 10, sizeOf: one, write, isOutage })
  const first = add(1)
  await vi.waitFor(() => expect(write).toHaveBeenCalledOnce())
  const later = [add(2), add(3)]
  finishFirst()

  expect(await Promise.all([first, ...later])).toEqual([1, 2, 3])
  expect(write.mock.calls.map(([items]) => [items])).toEqual([[[1]], [[2, 3]]])
})

it('a write group never exceeds its limit', async () => {
  const write = vi.fn(echo)
  const add = createWriteGroup({ limit: 2, sizeOf: one, write, isOutage })
  await Promise.all([add(1), add(2), add(3)])
  expect(write.mock.calls.map(([items]) => [items])).toEqual([[[1, 2]], [[3]]])
})

it('a write group is as large as its items allow, and one item may be larger', async () => {
  const write = vi.fn(echo)
  const add = createWriteGroup({ limit: 10, sizeOf: (item: number) => item, write, isOutage })
  await Promise.all([4, 5, 2, 30, 1, 9].map(add))
  expect(write.mock.calls.map(([items]) => [items])).toEqual([[[4, 5]], [[2]], [[30]], [[1, 9]]])
})

it('a write group rejects one call with its own error, and all of them if the write rejects', async () => {
  const odd = new Error('odd')
  const write = vi.fn(async (items: readonly number[]) =>
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
  expect(write.mock.calls.map(([items]) => items)).toEqual([[1], [4]])
})

it('calls that wait are tried after a write that failed for a reason of its own', async () => {
  const write = vi.fn(echo).mockRejectedValueOnce(new Error('odd'))
  const add = createWriteGroup({ limit: 1, sizeOf: one, write, isOutage })
  const [first, second] = await Promise.allSettled([add(1), add(2)])
  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled'])
})

it('a write is told how long the first of its items has waited', async () => {
  let finishFirst = () => {}
  const write = vi.fn(echo).mockImplementationOnce(async (items) => {
    await new Promise<void>((resolve) => {
      finishFirst = resolve
    })
    return echo(items)
  })
  const add = createWriteGroup<number, number>({
    limit: 10,
    sizeOf: one,
    write: (...given) => write(...given),
    isOutage,
  })
  const first = add(1)
  await vi.waitFor(() => expect(write).toHaveBeenCalledOnce())
  const second = add(2)
  await new Promise((resolve) => setTimeout(resolve, 30))
  const third = add(3)
  finishFirst()
  await Promise.all([first, second, third])
  expect(write.mock.calls[1]?.[1]).toBeGreaterThan(25)
})
