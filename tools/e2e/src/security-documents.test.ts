import { describe, expect, it } from 'vitest'
import { countEvidence, entriesUnder, missingEvidence, readDocument } from './testing/security-documents.js'

// Here, because this package is the one that looks at all others; nothing has to be built for it.
type Rows = Readonly<Record<string, string>>
const { level1, level2 } = JSON.parse(readDocument('asvs-rows.json')) as { level1: Rows; level2: Rows }
const listed = (rows: Rows) => Object.values(rows).flatMap((chapter) => chapter.split(' '))

describe('the table of the ASVS', () => {
  const asvs = readDocument('asvs.md')
  const all = [...listed(level1), ...listed(level2)]
  const held = entriesUnder('What holds', asvs)
  const entries = [
    ...held,
    ...entriesUnder('What does not hold, or only in part', asvs),
    ...entriesUnder('What does not apply', asvs),
  ]
  /** `V6` is a whole chapter, `3.3` a section, `3.4.1` one row. */
  const rowsOf = (rows: string) =>
    rows.split(', ').flatMap((name) => {
      const prefix = `${name.replace('V', '')}.`
      const found = all.filter((row) => row === name || row.startsWith(prefix))
      return found.length > 0 ? found : [`no such row: ${name}`]
    })

  it('is about the 70 rows of level 1 and the 183 of level 2', () => {
    expect([listed(level1).length, listed(level2).length, new Set(all).size]).toEqual([70, 183, 253])
  })

  it('has every row once', () => {
    const given = entries.flatMap(({ rows }) => rowsOf(rows))
    expect(given.toSorted()).toEqual(all.toSorted())
  })

  it('calls somebody to witness for every row that holds', () => {
    const without = held.filter(({ cells }) => countEvidence(cells.at(-1) ?? '') === 0)
    expect(without.map(({ rows }) => rows)).toEqual([])
  })

  it('calls no test and no document to witness that is not there', () => {
    expect(entries.flatMap(({ cells }) => missingEvidence(cells.at(-1) ?? ''))).toEqual([])
  })
})

describe('the table of inputs', () => {
  const inputs = readDocument('inputs.md')
  const entries = entriesUnder('Over HTTP', inputs).concat(entriesUnder('Elsewhere', inputs))

  it('has each of its 75 inputs once, in order', () => {
    const given = entries.flatMap(({ rows }) => {
      const [first = 0, last = first] = rows.split(' to ').map(Number)
      return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    })
    expect(given).toEqual(Array.from({ length: 75 }, (_, index) => index + 1))
  })

  it('calls tests to witness for every input, and all of them are there', () => {
    const witnesses = entries.map(({ cells }) => cells.at(-1) ?? '')
    expect(witnesses.filter((text) => countEvidence(text) === 0)).toEqual([])
    expect(witnesses.flatMap(missingEvidence)).toEqual([])
  })
})
