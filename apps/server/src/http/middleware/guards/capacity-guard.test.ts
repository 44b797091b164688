import type { SyncSummary } from '@gitmsg/store'
import { describe, expect, it } from 'vitest'
import { createAssertRoom } from './capacity-guard.js'

const GIB = 1024 ** 3

function openRoom(disk: { free: number; size: number }, pending = 0) {
  const state = { disk, pending, time: 0, looks: 0 }
  const assertRoom = createAssertRoom({
    store: { summary: async () => ({ pending: state.pending }) as SyncSummary },
    async readDisk() {
      state.looks += 1
      return state.disk
    },
    monotonic: () => state.time,
  })
  return { state, assertRoom }
}

describe('room for another message', () => {
  it.each([
    ['on a large disk', { free: GIB, size: 100 * GIB }],
    ['on a small one', { free: 1_000_000, size: 4_000_000 }],
  ])('is there %s', async (_, disk) => {
    await expect(openRoom(disk).assertRoom()).resolves.toBeUndefined()
  })

  // Covers IN-57, V2.3.2
  it.each([
    [
      'a large disk has less free than the reserve',
      { free: 200 * 1024 ** 2, size: 100 * GIB },
      0,
      507,
      'storage_full',
    ],
    ['a small one has less free than its part', { free: 100_000, size: 4_000_000 }, 0, 507, 'storage_full'],
    ['two million are waiting', { free: GIB, size: GIB }, 2_000_000, 503, 'backlog_full'],
  ])('is not, when %s', async (_, disk, pending, status, code) => {
    await expect(openRoom(disk, pending).assertRoom()).rejects.toMatchObject({ status, code })
  })

  it('is looked for once a second, and found again by itself', async () => {
    const { state, assertRoom } = openRoom({ free: 0, size: GIB })
    await expect(assertRoom()).rejects.toMatchObject({ code: 'storage_full' })
    state.disk = { free: GIB, size: GIB }
    await expect(assertRoom()).rejects.toMatchObject({ code: 'storage_full' })
    expect(state.looks).toBe(1)
    state.time = 1_000
    await assertRoom()
    expect(state.looks).toBe(2)
  })
})
