import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPoison } from './find-rejected-change.js'

/** A remote that refuses a whole part when one of the poisonous changes is in it. */
function remoteRefusing(poison: ReadonlySet<number>) {
  const published: number[] = []
  let tries = 0
  return {
    published,
    get tries() {
      return tries
    },
    async isAccepted(part: readonly number[]) {
      tries += 1
      if (part.some((change) => poison.has(change))) return false
      published.push(...part)
      return true
    },
  }
}

const range = (length: number) => Array.from({ length }, (_, index) => index)

describe('looking for poison', () => {
  it('finds a poisonous change in few tries, wherever it is, and publishes only what is clean', async () => {
    const sizeAndPlace = fc
      .integer({ min: 2, max: 500 })
      .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)))
    await fc.assert(
      fc.asyncProperty(sizeAndPlace, async ([size, place]) => {
        const remote = remoteRefusing(new Set([place]))
        expect(await findPoison(range(size), remote.isAccepted)).toEqual({ found: 'poison', change: place })
        expect(remote.tries).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(size)) + 1)
        expect(remote.published).not.toContain(place)
        expect(new Set(remote.published).size).toBe(remote.published.length)
      }),
    )
  })

  it('always finds one of several', async () => {
    const poison = fc.uniqueArray(fc.nat(99), { minLength: 1, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(poison, async (places) => {
        const search = await findPoison(range(100), remoteRefusing(new Set(places)).isAccepted)
        if (search.found === 'poison') expect(places).toContain(search.change)
        else expect(search.found).toBe('all-refused')
      }),
    )
  })

  it('gets past a run of poison at the head', async () => {
    expect(await findPoison(range(100), remoteRefusing(new Set(range(20))).isAccepted)).toEqual({
      found: 'poison',
      change: 0,
    })
  })

  it('accuses nobody where everything is refused', async () => {
    expect(await findPoison(range(64), remoteRefusing(new Set(range(64))).isAccepted)).toEqual({
      found: 'all-refused',
    })
  })

  it('accuses nobody where the remote refused everything for a while', async () => {
    for (let recovery = 1; recovery < 12; recovery += 1) {
      let tries = 0
      const search = await findPoison(range(64), async () => {
        tries += 1
        return tries > recovery
      })
      expect(search.found).not.toBe('poison')
    }
  })

  it('accuses nobody where there is no other to try', async () => {
    expect(await findPoison([0], remoteRefusing(new Set([0])).isAccepted)).toEqual({ found: 'all-refused' })
  })
})
