import { GitSyncError } from '@gitmsg/git-sync'
import type { SyncLock } from '@gitmsg/store'
import { describe, expect, it, vi } from 'vitest'
import type { DispatchOutcome } from './dispatcher.js'
import { createProgressTracker, type SyncEvent } from './progress.js'
import { backoffDelay, type SyncLoopDependencies, type SyncSteps, startSyncLoop } from './sync-loop.js'

/** A loop whose steps are recorded; `outcomes` are those of `dispatchOnce`, then `idle`. */
function openLoop({
  outcomes = [],
  importOnce,
  dispatchOnce,
  ...overrides
}: Partial<SyncLoopDependencies & SyncSteps> & { outcomes?: (DispatchOutcome | Error)[] } = {}) {
  const steps: string[] = []
  const events: SyncEvent[] = []
  const lock = { lost: new AbortController().signal, release: vi.fn<SyncLock['release']>(async () => {}) }
  const tracker = createProgressTracker(Date.now)

  async function takeOutcome(): Promise<DispatchOutcome> {
    const outcome = outcomes.shift() ?? 'idle'
    steps.push(outcome instanceof Error ? 'failure' : outcome)
    if (outcome instanceof Error) throw outcome
    return outcome
  }

  const loop = startSyncLoop({
    acquireLock: async () => lock,
    createSteps: () => ({
      importOnce: importOnce ?? (async () => void steps.push('import')),
      dispatchOnce: dispatchOnce ?? takeOutcome,
    }),
    oldestPendingAt: async () => null,
    tracker,
    clock: Date.now,
    monotonic: () => performance.now(),
    random: () => 0.001,
    fetchInterval: Number.POSITIVE_INFINITY,
    onEvent: (event) => events.push(event),
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    ...overrides,
  })
  return { loop, steps, events, lock, tracker, [Symbol.asyncDispose]: loop.stop }
}

const eventually = (assertion: () => void) => vi.waitFor(assertion, { timeout: 5_000, interval: 5 })
const unavailable = new GitSyncError('unavailable', 'down')

describe('startSyncLoop()', () => {
  it('imports first, then dispatches until nothing is left', async () => {
    await using test = openLoop({ outcomes: ['more', 'dispatched'] })
    await eventually(() => expect(test.steps).toEqual(['import', 'more', 'dispatched', 'idle']))
    expect(test.tracker.current.state).toBe('idle')
  })

  it('dispatches again when woken, without importing', async () => {
    await using test = openLoop()
    await eventually(() => expect(test.steps).toEqual(['import', 'idle']))
    test.loop.wake()
    await eventually(() => expect(test.steps).toEqual(['import', 'idle', 'idle']))
  })

  it('imports again on request, and resolves when that is done', async () => {
    await using test = openLoop()
    await eventually(() => expect(test.steps).toEqual(['import', 'idle']))
    await test.loop.request()
    expect(test.steps).toEqual(['import', 'idle', 'import', 'idle'])
  })

  it('imports again after the fetch interval, without being woken', async () => {
    await using test = openLoop({ fetchInterval: 0 })
    await eventually(() => expect(test.steps.filter((step) => step === 'import').length).toBeGreaterThan(1))
  })

  it('imports before it writes again after a failure', async () => {
    await using test = openLoop({ outcomes: [unavailable, 'dispatched'] })
    await eventually(() => expect(test.steps).toEqual(['import', 'failure', 'import', 'dispatched', 'idle']))
    expect(test.events.map((event) => event.type === 'attempt' && event.outcome)).toEqual(['unknown', 'ok'])
  })

  it('reports a failure and its retry while it backs off, and releases callers that wait', async () => {
    await using test = openLoop({ outcomes: [unavailable], random: () => 0.999 })
    expect(await test.loop.request()).toMatchObject({
      state: 'backing_off',
      last_error: { code: 'unavailable', message: 'down' },
      retry_at: expect.any(String),
    })
  })

  it('resolves a request with the failure of its attempt, even if the next attempt starts at once', async () => {
    let fail: (() => void) | undefined
    await using test = openLoop({
      importOnce: () => new Promise((_, reject) => (fail = () => reject(unavailable))),
      random: () => 0.999,
    })
    const requests = [test.loop.request(), test.loop.request()]
    await eventually(() => expect(fail).toBeDefined())
    fail?.()
    for (const progress of await Promise.all(requests)) {
      expect(progress).toMatchObject({ state: 'backing_off', last_error: { code: 'unavailable' } })
    }
    fail?.()
  })

  it('retries at once on request while it backs off, unless it is rate limited', async () => {
    await using waiting = openLoop({ outcomes: [unavailable], random: () => 0.999 })
    await eventually(() => expect(waiting.tracker.current.state).toBe('backing_off'))
    await waiting.loop.request()
    expect(waiting.steps.at(-1)).toBe('idle')

    const limited = new GitSyncError('rate-limited', 'slow down', { retryAfter: 60_000 })
    await using test = openLoop({ outcomes: [limited] })
    await eventually(() => expect(test.tracker.current.state).toBe('backing_off'))
    await test.loop.request()
    expect(test.steps).toEqual(['import', 'failure'])
  })

  it('takes no step while another process holds the lock, and takes over once it is free', async () => {
    let isFree = false
    const lock = { lost: new AbortController().signal, release: async () => {} }
    await using test = openLoop({ acquireLock: async () => (isFree ? lock : null) })
    await test.loop.request()
    expect(test.steps).toEqual([])
    isFree = true
    await test.loop.request()
    await eventually(() => expect(test.steps).toEqual(['import', 'idle']))
  })

  it('stop() aborts the step under way, releases the lock and resolves when the loop has ended', async () => {
    let signal: AbortSignal | undefined
    const test = openLoop({
      importOnce: (given) => {
        signal = given
        return new Promise((_, reject) => given.addEventListener('abort', () => reject(unavailable)))
      },
    })
    await eventually(() => expect(signal).toBeDefined())
    await test.loop.stop()
    expect(signal?.aborted).toBe(true)
    expect(test.lock.release).toHaveBeenCalledOnce()
    expect(test.events).toEqual([])
    await test.loop.request()
  })

  it('aborts the step under way when its lock is lost, and imports first once it has a lock again', async () => {
    const signals: AbortSignal[] = []
    const acquired: SyncLock[] = []
    const losing = [new AbortController(), new AbortController()]
    await using test = openLoop({
      async acquireLock() {
        const lost = losing[acquired.length]?.signal as AbortSignal
        acquired.push({ lost, release: vi.fn(async () => {}) })
        return acquired.at(-1) as SyncLock
      },
      importOnce(signal) {
        signals.push(signal)
        if (signals.length > 1) return Promise.resolve()
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(unavailable)))
      },
    })
    await eventually(() => expect(signals).toHaveLength(1))
    losing[0]?.abort()
    await eventually(() => expect(test.steps).toEqual(['idle']))
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    expect(acquired).toHaveLength(2)
    expect(acquired[0]?.release).toHaveBeenCalledOnce()
    expect(test.events).toMatchObject([{ type: 'attempt', outcome: 'ok' }])
    expect(test.tracker.current).toMatchObject({ state: 'idle', last_error: null })
  })

  it('backs off if the lock cannot be asked for', async () => {
    const busy = Object.assign(new Error('busy'), { code: 'busy' })
    let isDown = true
    await using test = openLoop({
      async acquireLock() {
        if (isDown) throw busy
        return { lost: new AbortController().signal, release: async () => {} }
      },
      random: () => 0.999,
    })
    await eventually(() => expect(test.tracker.current.last_error).toMatchObject({ code: 'busy' }))
    isDown = false
    await test.loop.request()
    expect(test.steps).toEqual(['import', 'idle'])
  })

  it('never overlaps its steps', async () => {
    let running = 0
    let mostRunning = 0
    const step = async () => {
      running += 1
      mostRunning = Math.max(mostRunning, running)
      await new Promise((resolve) => setTimeout(resolve, 2))
      running -= 1
      return 'idle' as const
    }
    await using test = openLoop({ importOnce: step, dispatchOnce: step })
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index))
        test.loop.wake()
        await test.loop.request()
      }),
    )
    expect(mostRunning).toBe(1)
  })
})

const almostOne = () => 1 - Number.EPSILON
const stale = new GitSyncError('stale-head', 'moved')

describe('backoffDelay()', () => {
  it('doubles with each failure, up to a minute', () => {
    const pauses = [1, 2, 3, 20].map((failures) => backoffDelay(unavailable, failures, almostOne))
    expect(pauses).toEqual([1_000, 2_000, 4_000, 60_000])
  })

  it('spreads over the whole time, so that many servers do not come back together', () => {
    expect(backoffDelay(unavailable, 3, () => 0.25)).toBe(1_000)
  })

  it('obeys the delay that the remote asked for', () => {
    const limited = new GitSyncError('rate-limited', 'slow down', { retryAfter: 123_456 })
    expect(backoffDelay(limited, 1, almostOne)).toBe(123_456)
  })

  it('is never zero if the remote asked for a delay', () => {
    const limited = new GitSyncError('rate-limited', 'slow down', { retryAfter: 0 })
    expect(backoffDelay(limited, 1, almostOne)).toBeGreaterThan(0)
  })

  it('is zero for a lost race, unless it is lost again and again', () => {
    expect([1, 2, 3].map((failures) => backoffDelay(stale, failures, almostOne))).toEqual([0, 0, 0])
    expect(backoffDelay(stale, 4, almostOne)).toBeGreaterThan(0)
  })
})
