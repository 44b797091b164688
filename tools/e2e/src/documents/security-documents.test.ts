import { describe, expect, it } from 'vitest'
import {
  countCoverComments,
  coveredRows,
  entriesUnder,
  linksIn,
  readDocument,
} from '../testing/documents/security-documents.js'

// Part of the end-to-end tests because it checks the tests of all packages.
type Rows = Readonly<Record<string, string>>
const { level1, level2 } = JSON.parse(readDocument('asvs-rows.json')) as { level1: Rows; level2: Rows }
const listed = (rows: Rows) => Object.values(rows).flatMap((chapter) => chapter.split(' '))
const all = [...listed(level1), ...listed(level2)]

const asvs = readDocument('asvs.md')
const met = entriesUnder('Met', asvs)
const asvsEntries = [
  ...met,
  ...entriesUnder('Not met, or only in part', asvs),
  ...entriesUnder('Not applicable', asvs),
]
const inputs = readDocument('inputs.md')
const inputEntries = [
  'Over HTTP',
  'Elsewhere',
  'Messages that change',
  'Searches',
  'Accounts',
  'The settings file',
].flatMap((heading) => entriesUnder(heading, inputs))
/** `IN-07`, or `IN-07 to IN-09`. */
const inputIds = inputEntries.flatMap(({ rows }) => {
  const [first = 0, last = first] = [...rows.matchAll(/IN-(\d\d)/g)].map(([, number]) => Number(number))
  return Array.from(
    { length: last - first + 1 },
    (_, index) => `IN-${String(first + index).padStart(2, '0')}`,
  )
})
const covered = new Set(coveredRows())

describe('the ASVS table', () => {
  /** `V6` is a chapter, `V3.3` a section, `V3.4.1` one requirement. */
  const requirementsOf = (rows: string) =>
    rows.split(', ').flatMap((name) => {
      const prefix = `${name.replace('V', '')}.`
      const found = all.filter((row) => `V${row}` === name || row.startsWith(prefix))
      return found.length > 0 ? found : [`unknown requirement: ${name}`]
    })

  it('covers the 70 requirements of level 1 and the 183 of level 2', () => {
    expect([listed(level1).length, listed(level2).length, new Set(all).size]).toEqual([70, 183, 253])
  })

  it('lists every requirement exactly once', () => {
    const given = asvsEntries.flatMap(({ rows }) => requirementsOf(rows))
    expect(given.toSorted()).toEqual(all.toSorted())
  })

  it('refers to a test or a page for every requirement that it lists as met', () => {
    const unproven = met.filter(
      ({ rows, cells }) =>
        !rows.split(', ').every((row) => covered.has(row)) && linksIn(cells.at(-1) ?? '').links.length === 0,
    )
    expect(unproven.map(({ rows }) => rows)).toEqual([])
  })

  it('has no broken links', () => {
    expect(asvsEntries.flatMap(({ cells }) => linksIn(cells.at(-1) ?? '').broken)).toEqual([])
  })
})

describe('the table of inputs', () => {
  it('lists each of its 99 inputs once, in order', () => {
    expect(inputIds).toEqual(
      Array.from({ length: 99 }, (_, index) => `IN-${String(index + 1).padStart(2, '0')}`),
    )
  })

  it('has a test for every input', () => {
    const rowsWithoutTest = inputEntries.filter(
      ({ rows }) => ![...rows.matchAll(/IN-\d\d/g)].every(([id]) => covered.has(id)),
    )
    expect(rowsWithoutTest.map(({ rows }) => rows)).toEqual([])
    expect(inputIds.filter((id) => !covered.has(id))).toEqual([])
  })
})

describe('the "Covers" comments', () => {
  it('name only rows that the tables have', () => {
    const known = new Set([...inputIds, ...all.map((row) => `V${row}`)])
    expect([...covered].filter((row) => !known.has(row))).toEqual([])
  })

  it('stand right above a test', () => {
    const { all, aboveATest } = countCoverComments()
    expect(all).toBeGreaterThan(100)
    expect(aboveATest).toBe(all)
  })
})
