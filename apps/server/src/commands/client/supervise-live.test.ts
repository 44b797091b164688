import { ClientError, type Live, type LiveEvents } from '@gitmsg/client'
import { describe, expect, it } from 'vitest'
import { superviseLive } from './supervise-live.js'

/** A feed whose events a test makes. */
function openFeed() {
  const listeners: { -readonly [Type in keyof LiveEvents]?: (value: LiveEvents[Type]) => void } = {}
  const reports: string[] = []
  let isClosed = false
  const live = {
    on: (type: keyof LiveEvents, listener: never) => {
      listeners[type] = listener
    },
    close: async () => {
      isClosed = true
    },
  } as unknown as Live
  const failure = superviseLive(live, (text) => reports.push(text))
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:3000')
  return {
    reports,
    failure,
    isClosed: () => isClosed,
    becomeLive: () => listeners.status?.({ state: 'live', error: null, retryAt: null }),
    fail: () =>
      listeners.status?.({
        state: 'waiting',
        error: new ClientError('unreachable', 'The live channel was closed.', { cause }),
        retryAt: 0,
      }),
    hold: () => listeners.status?.({ state: 'waiting', error: null, retryAt: null }),
    reset: () => listeners.reset?.('epoch_changed'),
  }
}

describe('superviseLive()', () => {
  it('reports once that the connection is lost, and that it is back', () => {
    const { becomeLive, fail, hold, reports, isClosed, failure } = openFeed()
    becomeLive()
    hold()
    becomeLive()
    for (let attempt = 0; attempt < 3; attempt += 1) fail()
    becomeLive()
    fail()
    const lost = 'connection lost, connecting again: connect ECONNREFUSED 127.0.0.1:3000'
    expect(reports).toEqual([lost, 'connected again', lost])
    expect([isClosed(), failure()]).toEqual([false, null])
  })

  it('closes the feed if the first connection fails', () => {
    const { fail, reports, isClosed, failure } = openFeed()
    fail()
    expect([isClosed(), reports]).toEqual([true, []])
    expect(failure()?.message).toBe('cannot open the live channel: connect ECONNREFUSED 127.0.0.1:3000')
  })

  it('closes the feed if the server begins another history', () => {
    const { becomeLive, reset, isClosed, failure } = openFeed()
    becomeLive()
    reset()
    expect(isClosed()).toBe(true)
    expect(failure()?.message).toContain('another history now (epoch_changed)')
  })
})
