import { expect, it, vi } from 'vitest'
import { createWriteGroup, type Outcome } from './write-group.js'

const echo = async (items: readonly number[]): Promise<Outcome<number>[]> =>
  items.map((result) => ({ result }))

const one = () => 1

it('a write group writes the items of one turn of the event loop together, in order', async () => {
  const write = vi.fn(echo)
  const add = createWriteGroup({ limit: 10, sizeOf: one, write })

  expect(await Promise.all([add(1), add(2), add(3)])).toEqual([1, 2, 3])
  expect(write.mock.calls).toEqual([[[1, 2, 3]]])
})

it('a write group gathers items while the group before is being written', async () => {
  let finishFirst = () => {}
  const write = vi.fn(echo).mockImplementationOnce(async (items) => {
    await new Promise<void>((resolve) => {
      finishFirst = resolve
    })
    return echo(items)
  })
  const add = createWriteGroup({ limit: 10, sizeOf: one, write })
  const first = add(1)
  await vi.waitFor(() => expect(write).toHaveBeenCalledOnce())
  const later = [add(2), add(3)]
  finishFirst()

  expect(await Promise.all([first, ...later])).toEqual([1, 2, 3])
  expect(write.mock.calls).toEqual([[[1]], [[2, 3]]])
})

it('a write group never exceeds its limit', async () => {
  const write = vi.fn(echo)
  const add = createWriteGroup({ limit: 2, sizeOf: one, write })
  await Promise.all([add(1), add(2), add(3)])
  expect(write.mock.calls).toEqual([[[1, 2]], [[3]]])
})

it('a write group is as large as its items allow, and one item may be larger', async () => {
  const write = vi.fn(echo)
  const add = createWriteGroup({ limit: 10, sizeOf: (item: number) => item, write })
  await Promise.all([4, 5, 2, 30, 1, 9].map(add))
  expect(write.mock.calls).toEqual([[[4, 5]], [[2]], [[30]], [[1, 9]]])
})

it('a write group rejects one call with its own error, and all of them if the write rejects', async () => {
  const odd = new Error('odd')
  const write = vi.fn(async (items: readonly number[]) =>
    items.map((item): Outcome<number> => (item % 2 ? { error: odd } : { result: item })),
  )
  const add = createWriteGroup({ limit: 10, sizeOf: one, write })
  expect(await Promise.allSettled([add(1), add(2)])).toEqual([
    { status: 'rejected', reason: odd },
    { status: 'fulfilled', value: 2 },
  ])

  write.mockRejectedValueOnce(new Error('disk'))
  const failed = await Promise.allSettled([add(2), add(4)])
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(await add(6)).toBe(6)
})

it('a write group rejects the items that wait, too, if their group would fail for the same reason', async () => {
  const away = new Error('away')
  let fail = () => {}
  const write = vi.fn(echo).mockImplementationOnce(
    () =>
      new Promise((_, reject) => {
        fail = () => reject(away)
      }),
  )
  const add = createWriteGroup({ limit: 10, sizeOf: one, write, meetsNextGroup: (error) => error === away })
  const first = add(1)
  await vi.waitFor(() => expect(write).toHaveBeenCalledOnce())
  const all = Promise.allSettled([first, add(2)])
  fail()
  expect(await all).toEqual(Array(2).fill({ status: 'rejected', reason: away }))
  expect(await add(3)).toBe(3)
  expect(write.mock.calls).toEqual([[[1]], [[3]]])
})
