import { describe, expect, it } from 'vitest'
import { expectError, outcomesOf } from '../testing/accounts-fixture.js'
import { createHasher, DEFAULT_COST } from './hasher.js'

describe('a hasher', () => {
  const hasher = createHasher({ memory: 64, passes: 1 })

  // Covers V11.4.2
  it('hashes with argon2id, at the cost that OWASP recommends, and another salt each time', async () => {
    const strong = createHasher(DEFAULT_COST)
    const [one, other] = await Promise.all([strong.hash('a'), strong.hash('a')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(one).not.toBe(other)
    expect(await strong.verify(one, 'a')).toBe(true)
  })

  // Covers V6.2.8
  it('verifies exactly the password that was hashed, of any length and script', async () => {
    for (const password of ['pässwörter ', '密码密码密码密码', 'a'.repeat(128), '\u0000null']) {
      const hash = await hasher.hash(password)
      expect(await hasher.verify(hash, password)).toBe(true)
      expect(await hasher.verify(hash, `${password}a`)).toBe(false)
      expect(await hasher.verify(hash, password.slice(0, -1))).toBe(false)
    }
  })

  it('verifies nothing without a hash, not even the empty password', async () => {
    expect(await hasher.verify(null, '')).toBe(false)
  })

  it('runs two at once, lets 16 wait in order, and rejects more', async () => {
    const slow = createHasher({ memory: 4_096, passes: 1 })
    const done: number[] = []
    const calls = Array.from({ length: 20 }, (_, number) =>
      slow.hash('a').then(() => {
        done.push(number)
      }),
    )
    const outcomes = await outcomesOf(calls)
    expect(outcomes.filter((outcome) => outcome === 'overloaded')).toHaveLength(2)
    expect(outcomes.slice(18)).toEqual(['overloaded', 'overloaded'])
    expect(done).toHaveLength(18)
    await slow.hash('a')
  })

  it('goes on after a failure', async () => {
    await expect(hasher.verify('not a hash', 'a')).rejects.toThrow()
    expect(await hasher.verify(await hasher.hash('a'), 'a')).toBe(true)
    await expectError(
      Promise.all(Array.from({ length: 40 }, () => createBusy())).then(() => {}),
      'overloaded',
    )
    async function createBusy() {
      return hasher.hash('a')
    }
  })
})
