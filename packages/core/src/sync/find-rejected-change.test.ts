import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findRejectedChange } from './find-rejected-change.js'

/** A remote that rejects every part with one of these changes in it. */
function remoteRejecting(bad: ReadonlySet<number>) {
  const published: number[] = []
  let tries = 0
  return {
    published,
    get tries() {
      return tries
    },
    async isAccepted(part: readonly number[]) {
      tries += 1
      if (part.some((change) => bad.has(change))) return false
      published.push(...part)
      return true
    },
  }
}

const range = (length: number) => Array.from({ length }, (_, index) => index)

describe('findRejectedChange()', () => {
  it('finds a rejected change anywhere in few attempts, and publishes only others', async () => {
    const sizeAndPlace = fc
      .integer({ min: 2, max: 500 })
      .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)))
    await fc.assert(
      fc.asyncProperty(sizeAndPlace, async ([size, place]) => {
        const remote = remoteRejecting(new Set([place]))
        expect(await findRejectedChange(range(size), remote.isAccepted)).toEqual({
          found: 'rejected-change',
          change: place,
        })
        expect(remote.tries).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size)) + 1)
        expect(remote.published).not.toContain(place)
        expect(new Set(remote.published).size).toBe(remote.published.length)
      }),
    )
  })

  it('finds one of several rejected changes', async () => {
    const badChanges = fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(badChanges, async (places) => {
        const search = await findRejectedChange(range(100), remoteRejecting(new Set(places)).isAccepted)
        if (search.found === 'rejected-change') expect(places).toContain(search.change)
        else expect(search.found).toBe('all-rejected')
      }),
    )
  })

  it('finds the first of a run of rejected changes at the head', async () => {
    expect(await findRejectedChange(range(100), remoteRejecting(new Set(range(20))).isAccepted)).toEqual({
      found: 'rejected-change',
      change: 0,
    })
  })

  it('blames no change if everything is rejected', async () => {
    expect(await findRejectedChange(range(64), remoteRejecting(new Set(range(64))).isAccepted)).toEqual({
      found: 'all-rejected',
    })
  })

  it('blames no change if the remote rejected everything for a while', async () => {
    for (let recovery = 1; recovery < 12; recovery += 1) {
      let tries = 0
      const search = await findRejectedChange(range(64), async () => {
        tries += 1
        return tries > recovery
      })
      expect(search.found).not.toBe('rejected-change')
    }
  })

  it('blames no change if there is no other to try', async () => {
    expect(await findRejectedChange([0], remoteRejecting(new Set([0])).isAccepted)).toEqual({
      found: 'all-rejected',
    })
  })
})
