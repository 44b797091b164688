import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Purpose } from '../api/exchange.js'
import { createPolling, nextDelayMs, type PollResult } from './polling.js'

describe('nextDelayMs()', () => {
  it('polls every second while a message is pending', () => {
    expect(nextDelayMs({ failures: 0, pending: true, visible: true })).toBe(1000)
  })

  it('polls less often while nothing is pending', () => {
    expect(nextDelayMs({ failures: 0, pending: false, visible: true })).toBe(2000)
  })

  it('polls rarely in a hidden tab', () => {
    expect(nextDelayMs({ failures: 0, pending: true, visible: false })).toBe(10_000)
  })

  it('backs off after each failure, up to a limit', () => {
    const delays = [1, 2, 3, 4, 5, 60].map((failures) =>
      nextDelayMs({ failures, pending: true, visible: true }),
    )
    expect(delays).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000])
  })
})

describe('createPolling()', () => {
  const SUCCESS: PollResult = { problem: null, pending: false }
  const page = Object.assign(new EventTarget(), { hidden: false })

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 })
    vi.stubGlobal('document', page)
  })

  afterEach(() => {
    vi.clearAllTimers()
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it('reports each poll with the time of the next one, and polls again at that time', async () => {
    const purposes: Purpose[] = []
    const onResult = vi.fn()
    const poll = async (purpose: Purpose) => {
      purposes.push(purpose)
      return SUCCESS
    }
    createPolling(poll, onResult).pollNow('action')
    await vi.advanceTimersByTimeAsync(0)
    expect(onResult).toHaveBeenCalledWith(SUCCESS, new Date(2000))
    await vi.advanceTimersByTimeAsync(2000)
    expect(purposes).toEqual(['action', 'polling'])
  })

  it('aborts a poll in flight and drops its result', async () => {
    const signals: AbortSignal[] = []
    const onResult = vi.fn()
    const releases: (() => void)[] = []
    const polling = createPolling((_purpose, signal) => {
      signals.push(signal)
      return new Promise((resolve) => releases.push(() => resolve(SUCCESS)))
    }, onResult)
    polling.pollNow('polling')
    polling.pollNow('action')
    for (const release of releases) release()
    await vi.advanceTimersByTimeAsync(0)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    expect(onResult).toHaveBeenCalledTimes(1)
  })

  it('polls at once when the page becomes visible again', async () => {
    const poll = vi.fn(async () => SUCCESS)
    createPolling(poll, () => {})
    page.dispatchEvent(new Event('visibilitychange'))
    await vi.advanceTimersByTimeAsync(0)
    expect(poll).toHaveBeenCalledTimes(1)
  })
})
