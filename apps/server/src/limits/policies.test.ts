import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBucketPolicy, createRecentMap, createWindowPolicy } from './policies.js'

/** A clock that stands still until it is moved. */
function createClock() {
  let now = 0
  function advance(milliseconds: number): void {
    now += milliseconds
  }
  return { monotonic: () => now, advance }
}

describe('a bucket policy', () => {
  const limit = { name: 'post', quota: 20, seconds: 20 }

  it('lets a burst pass, then one in a second', () => {
    const { monotonic, advance } = createClock()
    const policy = createBucketPolicy({ ...limit, monotonic })
    const burst = Array.from({ length: 20 }, () => policy.take('a'))
    expect(burst.map(({ isAllowed, remaining }) => isAllowed && remaining)).toEqual(
      Array.from({ length: 20 }, (_, index) => 19 - index),
    )
    expect(policy.take('a')).toMatchObject({ isAllowed: false, remaining: 0, retryMs: 1_000 })
    advance(999)
    expect(policy.take('a')).toMatchObject({ isAllowed: false, retryMs: 1 })
    advance(1)
    expect(policy.take('a').isAllowed).toBe(true)
    expect(policy.take('a').isAllowed).toBe(false)
    expect(policy.take('b').isAllowed).toBe(true)
  })

  it('takes several units at once, and takes them back', () => {
    const policy = createBucketPolicy({ ...limit, ...createClock() })
    expect(policy.take('a', 15).remaining).toBe(5)
    expect(policy.take('a', 6).isAllowed).toBe(false)
    policy.giveBack('a')
    expect(policy.take('a', 6)).toMatchObject({ isAllowed: true, remaining: 0 })
  })

  it('never allows more than the burst and what has come back since, in any stretch of time', () => {
    const steps = fc.array(fc.nat(3_000), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(steps, (pauses) => {
        const { monotonic, advance } = createClock()
        const policy = createBucketPolicy({ ...limit, monotonic })
        const allowedAt: number[] = []
        for (const pause of pauses) {
          advance(pause)
          if (policy.take('a').isAllowed) allowedAt.push(monotonic())
        }
        for (const [first, start] of allowedAt.entries()) {
          for (const [last, end] of allowedAt.entries()) {
            if (last < first) continue
            expect(last - first + 1).toBeLessThanOrEqual(20 + (end - start) / 1_000 + 0.001)
          }
        }
      }),
    )
  })
})

describe('a window policy', () => {
  it('allows its quota in each window, which begins with the first unit', () => {
    const { monotonic, advance } = createClock()
    const policy = createWindowPolicy({ name: 'default', quota: 2, seconds: 60, monotonic })
    advance(5_000)
    expect(policy.take('a')).toMatchObject({ isAllowed: true, remaining: 1, resetMs: 60_000 })
    advance(10_000)
    expect(policy.take('a')).toMatchObject({ isAllowed: true, remaining: 0, resetMs: 50_000 })
    expect(policy.take('a')).toMatchObject({ isAllowed: false, remaining: 0, retryMs: 50_000 })
    policy.giveBack('a')
    expect(policy.take('a').isAllowed).toBe(true)
    advance(50_000)
    expect(policy.take('a')).toMatchObject({ isAllowed: true, remaining: 1 })
  })
})

describe('the memory of limits', () => {
  it('holds 100,000 keys, and forgets the one that was used longest ago', () => {
    const policy = createWindowPolicy({ name: 'default', quota: 1, seconds: 60, monotonic: () => 0 })
    policy.take('first')
    policy.take('second')
    policy.take('first')
    for (let number = 0; number < 99_999; number += 1) policy.take(`flood ${number}`)
    expect(policy.take('first').isAllowed).toBe(false)
    expect(policy.take('second').isAllowed).toBe(true)
  })

  it('is bounded', () => {
    const map = createRecentMap<number>(3)
    for (const key of ['a', 'b', 'c', 'a', 'd']) map.set(key, 1)
    expect([map.size, map.get('b'), map.get('a')]).toEqual([3, undefined, 1])
    map.delete('a')
    expect(map.size).toBe(2)
  })
})
