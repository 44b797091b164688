import { describe, expect, it, vi } from 'vitest'
import { createWaiters, createWakeFlag } from './waiters.js'

describe('createWakeFlag()', () => {
  it('ends a wait when raised', async () => {
    const flag = createWakeFlag()
    const waiting = flag.wait(60_000)
    flag.raise()
    expect(await waiting).toBe(true)
  })

  it('stays up for the next wait, and is lowered by it', async () => {
    vi.useFakeTimers()
    const flag = createWakeFlag()
    flag.raise()
    expect(await flag.wait(60_000)).toBe(true)
    const waiting = flag.wait(50)
    await vi.advanceTimersByTimeAsync(50)
    expect(await waiting).toBe(false)
    vi.useRealTimers()
  })

  it('waits in full after it was cleared', async () => {
    const flag = createWakeFlag()
    flag.raise()
    flag.clear()
    expect(await flag.wait(1)).toBe(false)
  })
})

describe('createWaiters()', () => {
  it('releases only callers from before a time, and all without a time', async () => {
    const waiters = createWaiters<string>()
    const released: string[] = []
    const add = async (at: string) => {
      released.push(`${at} ${await waiters.wait(at)}`)
    }
    const all = Promise.all([add('2025-01-01'), add('2025-01-03')])
    waiters.release('first', '2025-01-02')
    await Promise.resolve()
    expect(waiters.any).toBe(true)
    waiters.release('second')
    await all
    expect(released).toEqual(['2025-01-01 first', '2025-01-03 second'])
    expect(waiters.any).toBe(false)
  })
})
