import { describe, expect, it } from 'vitest'
import { createPacer, requestedWait } from './pace.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const NOW = Date.parse('2026-01-09T00:00:00Z')
const date = new Date(NOW).toUTCString()
const RESPONSE = { status: 429, message: '', needed: '', headers: {} }

describe('requestedWait', () => {
  it.each([
    [7_000, { headers: { 'retry-after': '7' } }],
    [90_000, { status: 403, headers: { date, 'retry-after': new Date(NOW + 90_000).toUTCString() } }],
    [
      101_000,
      {
        status: 403,
        headers: { date, 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW / 1000 + 100}` },
      },
    ],
    [MINUTE_MS, { status: 403, message: 'You have exceeded a secondary rate limit' }],
    [MINUTE_MS, {}],
    [null, { status: 403, message: 'Resource not accessible', headers: { 'x-ratelimit-remaining': '12' } }],
    [null, { status: 502, headers: { 'retry-after': '7' } }],
  ])('returns %s for this response: %j', (wait, response) => {
    expect(requestedWait({ ...RESPONSE, ...response }, 0)).toBe(wait)
  })

  it('doubles a wait that GitHub does not state each time, up to an hour', () => {
    const waits = [0, 1, 2, 10].map((earlier) => requestedWait(RESPONSE, earlier))
    expect(waits).toEqual([MINUTE_MS, 2 * MINUTE_MS, 4 * MINUTE_MS, HOUR_MS])
  })
})

describe('createPacer', () => {
  it('never passes 80 writes a minute and 500 an hour, never holds up a batch, and waits little over a minute', () => {
    let now = 0
    const pacer = createPacer({ perMinute: 80, perHour: 500 }, () => now)
    const sent: number[] = []
    let longest = 0
    while (now < 4 * HOUR_MS) {
      const wait = pacer.waitForBatch(3)
      longest = Math.max(longest, wait)
      now += wait
      for (let write = 0; write < 3; write += 1) {
        expect(pacer.waitForNext()).toBe(0)
        pacer.count()
        sent.push(now)
        now += 100
      }
    }
    const most = (span: number) =>
      Math.max(
        ...sent.map((end, index) => sent.slice(0, index + 1).filter((time) => time > end - span).length),
      )
    expect(most(MINUTE_MS)).toBeLessThanOrEqual(80)
    expect(most(HOUR_MS)).toBeLessThanOrEqual(500)
    expect(sent.length).toBeGreaterThan(1900)
    expect(longest).toBeLessThanOrEqual(65_000)
  })

  it('never allows more writes at once than its pace', () => {
    const pacer = createPacer({ perMinute: 8, perHour: 500 }, () => 0)
    expect(pacer.waitForBatch(8)).toBe(0)
    expect(pacer.waitForBatch(9)).toBe(Number.POSITIVE_INFINITY)
  })

  it('holds up single writes at its pace, whichever batch they belong to', () => {
    let now = 0
    const pacer = createPacer({ perMinute: 3, perHour: 500 }, () => now)
    for (let write = 0; write < 3; write += 1) {
      expect(pacer.waitForNext()).toBe(0)
      pacer.count()
      now += 1000
    }
    expect(pacer.waitForNext()).toBe(MINUTE_MS - 3000)
    now = MINUTE_MS
    expect(pacer.waitForNext()).toBe(0)
  })
})
