import { describe, expect, it, vi } from 'vitest'
import { createEvent } from './event.js'

describe('an event', () => {
  it('ends a wait when it is raised', async () => {
    const event = createEvent()
    const waiting = event.wait(60_000)
    event.raise()
    expect(await waiting).toBe(true)
  })

  it('that was raised before is not waited for, and is used up', async () => {
    vi.useFakeTimers()
    const event = createEvent()
    event.raise()
    expect(await event.wait(60_000)).toBe(true)
    const waiting = event.wait(50)
    await vi.advanceTimersByTimeAsync(50)
    expect(await waiting).toBe(false)
    vi.useRealTimers()
  })

  it('that was cleared was never raised', async () => {
    const event = createEvent()
    event.raise()
    event.clear()
    expect(await event.wait(1)).toBe(false)
  })
})
