import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Purpose } from '../api/exchange.js'
import { createPolling, nextDelayMs, type Poll, type PollResult } from './polling.js'

describe('nextDelayMs()', () => {
  const IDLE = { failures: 0, isIncomplete: false, pending: false, visible: true, listening: false }

  it('polls every second while a message is pending', () => {
    expect(nextDelayMs({ ...IDLE, pending: true })).toBe(1000)
  })

  it('polls less often while nothing is pending', () => {
    expect(nextDelayMs(IDLE)).toBe(2000)
  })

  it('polls rarely in a hidden tab', () => {
    expect(nextDelayMs({ ...IDLE, pending: true, visible: false })).toBe(10_000)
  })

  it('backs off after each failure, up to a limit', () => {
    const delays = [1, 2, 3, 4, 5, 60].map((failures) => nextDelayMs({ ...IDLE, failures, listening: true }))
    expect(delays).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000])
  })

  it('does not poll while the page listens, unless the page is incomplete', () => {
    expect(nextDelayMs({ ...IDLE, listening: true, pending: true })).toBeNull()
    expect(nextDelayMs({ ...IDLE, listening: true, isIncomplete: true })).toBe(250)
  })
})

describe('createPolling()', () => {
  const SUCCESS: PollResult = { problem: null, pending: false, isIncomplete: false }
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
    createPolling({ poll, isListening: () => false, onResult }).pollNow('action')
    await vi.advanceTimersByTimeAsync(0)
    expect(onResult).toHaveBeenCalledWith(SUCCESS, new Date(2000))
    await vi.advanceTimersByTimeAsync(2000)
    expect(purposes).toEqual(['action', 'polling'])
  })

  it('aborts a poll in flight and drops its result', async () => {
    const signals: AbortSignal[] = []
    const onResult = vi.fn()
    const releases: (() => void)[] = []
    const poll: Poll = (_purpose, signal) => {
      signals.push(signal)
      return new Promise((resolve) => releases.push(() => resolve(SUCCESS)))
    }
    const polling = createPolling({ poll, isListening: () => false, onResult })
    polling.pollNow('polling')
    polling.pollNow('action')
    for (const release of releases) release()
    await vi.advanceTimersByTimeAsync(0)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    expect(onResult).toHaveBeenCalledTimes(1)
  })

  it.each([
    [false, 1],
    [true, 0],
  ])(
    'polls at once when the page becomes visible again, unless it listens (%s)',
    async (listening, polls) => {
      const poll = vi.fn(async () => SUCCESS)
      createPolling({ poll, isListening: () => listening, onResult: () => {} })
      page.dispatchEvent(new Event('visibilitychange'))
      await vi.advanceTimersByTimeAsync(0)
      expect(poll).toHaveBeenCalledTimes(polls)
    },
  )

  it('rests while the page listens, and polls again when it does not', async () => {
    let listening = false
    const poll = vi.fn(async () => SUCCESS)
    const onResult = vi.fn()
    const polling = createPolling({ poll, isListening: () => listening, onResult })
    polling.pollNow('action')
    await vi.advanceTimersByTimeAsync(0)
    listening = true
    polling.rest()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(poll).toHaveBeenCalledTimes(1)

    polling.pollNow('action')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(onResult).toHaveBeenLastCalledWith(SUCCESS, null)
    listening = false
    polling.pollNow('polling')
    await vi.advanceTimersByTimeAsync(2000)
    expect(poll).toHaveBeenCalledTimes(4)
  })

  it('pause() ends a poll in flight and all later ones, until the next pollNow()', async () => {
    const signals: AbortSignal[] = []
    const onResult = vi.fn()
    const poll: Poll = async (_purpose, signal) => {
      signals.push(signal)
      return SUCCESS
    }
    const polling = createPolling({ poll, isListening: () => false, onResult })
    polling.pollNow('action')
    polling.pause()
    page.dispatchEvent(new Event('visibilitychange'))
    await vi.advanceTimersByTimeAsync(60_000)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    expect(onResult).not.toHaveBeenCalled()
    polling.pollNow('action')
    await vi.advanceTimersByTimeAsync(2000)
    expect(signals).toHaveLength(3)
  })

  it.each([{ problem: 'The request timed out' }, { isIncomplete: true }])(
    'rest() polls once more after a poll with %j',
    async (failure) => {
      const poll = vi.fn(async () => ({ ...SUCCESS, ...failure }))
      const polling = createPolling({ poll, isListening: () => true, onResult: () => {} })
      polling.pollNow('polling')
      await vi.advanceTimersByTimeAsync(0)
      poll.mockResolvedValue(SUCCESS)
      polling.rest()
      await vi.advanceTimersByTimeAsync(60_000)
      expect(poll).toHaveBeenCalledTimes(2)
    },
  )

  it('pollSoon() polls once for everything that happens in the same moment', async () => {
    const poll = vi.fn(async () => SUCCESS)
    const polling = createPolling({ poll, isListening: () => true, onResult: () => {} })
    polling.pollSoon()
    polling.pollSoon()
    polling.rest()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(poll).toHaveBeenCalledTimes(1)
  })
})
