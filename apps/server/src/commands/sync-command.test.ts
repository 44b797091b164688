import type { SyncStatus } from '@gitmsg/core'
import { describe, expect, it, vi } from 'vitest'
import { syncNow } from './sync-command.js'

const status = (fields: Partial<SyncStatus>) => ({ pending: 0, last_error: null, ...fields }) as SyncStatus

/** An engine whose `sync()` resolves with the first status, and its `status()` with the others in turn. */
function createEngine(first: SyncStatus, ...others: SyncStatus[]) {
  return { sync: vi.fn(async () => first), status: vi.fn(async () => others.shift() ?? first) }
}

describe('syncNow()', () => {
  it('resolves with the status of a sync() that leaves nothing pending', async () => {
    const done = status({})
    const engine = createEngine(done)
    expect(await syncNow(engine)).toBe(done)
    expect(engine.status).not.toHaveBeenCalled()
  })

  it('does not wait after a failure', async () => {
    const last_error = { code: 'unavailable', message: 'down', at: '' } as NonNullable<
      SyncStatus['last_error']
    >
    const engine = createEngine(status({ pending: 1, last_error }))
    expect(await syncNow(engine)).toMatchObject({ pending: 1, last_error })
    expect(engine.status).not.toHaveBeenCalled()
  })

  it('waits while another process synchronizes', async () => {
    const engine = createEngine(status({ pending: 2 }), status({ pending: 1 }), status({ pending: 0 }))
    expect(await syncNow(engine)).toMatchObject({ pending: 0 })
    expect(engine.sync).toHaveBeenCalledTimes(1)
    expect(engine.status).toHaveBeenCalledTimes(2)
  })

  it('gives up waiting after 30 seconds', async () => {
    const now = vi
      .spyOn(performance, 'now')
      .mockReturnValueOnce(0)
      .mockReturnValueOnce(29_999)
      .mockReturnValue(30_000)
    const engine = createEngine(status({ pending: 1 }))
    expect(await syncNow(engine)).toMatchObject({ pending: 1 })
    expect(engine.status).toHaveBeenCalledTimes(1)
    now.mockRestore()
  })
})
