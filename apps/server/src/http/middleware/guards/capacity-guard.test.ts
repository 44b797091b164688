import type { SyncFailure } from '@gitmsg/core'
import { describe, expect, it } from 'vitest'
import { openTestServer } from '../../../testing/servers/open-test-server.js'
import { problem } from '../../errors.js'
import { createCapacityCheck } from './capacity-guard.js'

const GIB = 1024 ** 3
const message = { content: 'a', sender: 'b' }

interface Disk {
  readonly free: number | null
  readonly size: number | null
}

function openCheck(disk: Disk, pending = 0, last_error: SyncFailure | null = null) {
  const state = { disk, time: 0, reads: 0 }
  const assertCapacity = createCapacityCheck({
    status: async () => ({ pending, last_error }),
    store: {
      async storage() {
        state.reads += 1
        const { free: freeBytes, size: diskBytes } = state.disk
        return { databaseBytes: null, logBytes: null, freeBytes, diskBytes }
      },
    },
    monotonic: () => state.time,
  })
  return { state, assertCapacity }
}

describe('the capacity check', () => {
  it.each([
    ['a large disk', { free: GIB, size: 100 * GIB }],
    ['a small disk', { free: 1_000_000, size: 4_000_000 }],
    ['a disk of which the store knows nothing', { free: null, size: null }],
  ])('passes with enough space on %s', async (_, disk) => {
    await expect(openCheck(disk).assertCapacity()).resolves.toBeUndefined()
  })

  // Covers IN-57, V2.3.2
  it.each([
    [
      'a large disk has less free space than the reserve',
      { free: 200 * 1024 ** 2, size: 100 * GIB },
      0,
      507,
      'storage_full',
    ],
    [
      'a small disk has less free space than its reserved share',
      { free: 100_000, size: 4_000_000 },
      0,
      507,
      'storage_full',
    ],
    ['two million messages are pending', { free: GIB, size: GIB }, 2_000_000, 503, 'backlog_full'],
  ])('fails if %s', async (_, disk, pending, status, code) => {
    await expect(openCheck(disk, pending).assertCapacity()).rejects.toMatchObject({ status, code })
  })

  it('fails while the synchronization finds the database damaged', async () => {
    const failure = { code: 'database-corrupt', message: 'the database file is damaged', at: '' }
    const { assertCapacity } = openCheck({ free: GIB, size: GIB }, 0, failure)
    await expect(assertCapacity()).rejects.toMatchObject({ status: 503, code: 'storage_corrupt' })
  })

  it('measures once a second, and recovers by itself', async () => {
    const { state, assertCapacity } = openCheck({ free: 0, size: GIB })
    await expect(assertCapacity()).rejects.toMatchObject({ code: 'storage_full' })
    state.disk = { free: GIB, size: GIB }
    await expect(assertCapacity()).rejects.toMatchObject({ code: 'storage_full' })
    expect(state.reads).toBe(1)
    state.time = 1_000
    await assertCapacity()
    expect(state.reads).toBe(2)
  })
})

// Covers IN-57
it.each([
  [507, 'storage_full', '60'],
  [503, 'backlog_full', '1'],
] as const)(
  'no message is stored while the capacity is exhausted: %i %s',
  async (status, code, retryAfter) => {
    await using server = await openTestServer({ assertCapacity: () => Promise.reject(problem(code)) })
    const { status: received, json, headers } = await server.post(message)
    expect([received, json.error.code, headers['retry-after']]).toEqual([status, code, retryAfter])
    expect((await server.request('/messages')).json).toEqual([])
  },
)

it('no message is stored during a shutdown, but messages can be read', async () => {
  await using server = await openTestServer()
  await server.post(message)
  server.health.draining = true
  const { status, json, headers } = await server.post(message)
  expect([status, json.error.code, headers['retry-after']]).toEqual([503, 'shutting_down', '1'])
  expect((await server.request('/messages')).json).toHaveLength(1)
})
