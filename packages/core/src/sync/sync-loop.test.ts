import { GitSyncError } from '@gitmsg/git-sync'
import type { SyncLock } from '@gitmsg/store'
import { describe, expect, it, vi } from 'vitest'
import type { DispatchOutcome } from './dispatcher.js'
import { createProgressTracker, type SyncEvent } from './progress.js'
import { backoffDelay, type SyncLoopDependencies, startSyncLoop } from './sync-loop.js'

/** A loop whose steps are recorded; `outcomes` are those of `dispatchOnce`, then `idle`. */
function openLoop({
  outcomes = [],
  ...overrides
}: Partial<SyncLoopDependencies> & { outcomes?: (DispatchOutcome | Error)[] } = {}) {
  const steps: string[] = []
  const events: SyncEvent[] = []
  const lock = { release: vi.fn<SyncLock['release']>() }
  const tracker = createProgressTracker(Date.now)
  const loop = startSyncLoop({
    acquireLock: () => lock,
    importOnce: async () => void steps.push('import'),
    async dispatchOnce() {
      const outcome = outcomes.shift() ?? 'idle'
      steps.push(outcome instanceof Error ? 'failure' : outcome)
      if (outcome instanceof Error) throw outcome
      return outcome
    },
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
    let fail = () => {}
    await using test = openLoop({
      importOnce: () => new Promise((_, reject) => (fail = () => reject(unavailable))),
      random: () => 0.999,
    })
    const requests = [test.loop.request(), test.loop.request()]
    fail()
    for (const progress of await Promise.all(requests)) {
      expect(progress).toMatchObject({ state: 'backing_off', last_error: { code: 'unavailable' } })
    }
    fail()
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
    await using test = openLoop({ acquireLock: () => (isFree ? { release: () => {} } : null) })
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
