import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createByteReader } from './byte-reader.js'
import { type LoggedCommit, logArgs, parseLog } from './log-parser.js'

const [ONE, TWO, A, B, C, NONE] = ['1', '2', 'a', 'b', 'c', '0'].map((digit) => digit.repeat(40))

async function parse(output: string, includes: (path: string) => boolean = () => true) {
  const commits: LoggedCommit[] = []
  const reader = createByteReader(Readable.from([Buffer.from(output)]))
  for await (const commit of parseLog(reader, includes)) commits.push(commit)
  return commits
}

describe('parseLog', () => {
  it('yields nothing for an empty log', async () => {
    expect(await parse('')).toEqual([])
  })

  it('yields each commit with the files that it added, changed and removed, whatever their names', async () => {
    const output =
      `${ONE}\0\n:000000 100644 ${NONE} ${A} A\0a: b\nc\0:000000 120000 ${NONE} ${B} A\0größe\0` +
      `${TWO}\0\n:100644 100644 ${A} ${C} M\0a: b\nc\0:120000 000000 ${B} ${NONE} D\0größe\0`
    expect(await parse(output)).toEqual([
      {
        hash: ONE,
        files: [
          { path: 'a: b\nc', mode: '100644', blob: A },
          { path: 'größe', mode: '120000', blob: B },
        ],
      },
      {
        hash: TWO,
        files: [
          { path: 'a: b\nc', mode: '100644', blob: C },
          { path: 'größe', mode: '000000', blob: NONE },
        ],
      },
    ])
  })

  it('yields commits without any included file', async () => {
    const output = `${ONE}\0\n:000000 100644 ${NONE} ${A} A\0no\0${TWO}\0`
    expect(await parse(output, (path) => path === 'yes')).toEqual([
      { hash: ONE, files: [] },
      { hash: TWO, files: [] },
    ])
  })

  it('rejects a log that ends within a record', async () => {
    await expect(parse(`${ONE}\0${TWO}`)).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('logArgs', () => {
  it('excludes the cursor and its history, if there is a cursor', () => {
    expect(logArgs(null, TWO as string).slice(-2)).toEqual([TWO, '--'])
    expect(logArgs(ONE as string, TWO as string).slice(-3)).toEqual([TWO, `^${ONE}`, '--'])
  })
})
