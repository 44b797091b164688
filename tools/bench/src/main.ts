import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createFixtures } from './data/fixtures.js'
import { inTemporaryFolder } from './data/folders.js'
import type { Bench } from './parts/part.js'
import { parts } from './parts.js'
import { judgeAll, makeCard, readComparisons } from './report/card.js'
import type { Comparison } from './report/compare.js'
import { rowsOf, toMarkdown } from './report/tables.js'

const SIZES = '0,10000,100000'
const LONG_SIZES = `${SIZES},1000000`

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    list: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1' },
    messages: { type: 'string', default: '5000' },
    sizes: { type: 'string' },
    fixtures: { type: 'string' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    out: { type: 'string' },
    from: { type: 'string', multiple: true },
  },
})
// Exit normally on a signal, so that exit handlers end the servers.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))

const only = values.only?.flatMap((names) => names.split(','))
const unknown = only?.filter((name) => !parts.some((part) => part.name === name)) ?? []

if (values.from) print(readComparisons(values.from))
else if (values.list || unknown.length > 0) {
  for (const { name, title } of parts) console.log(`${name.padEnd(15)} ${title}`)
  process.exitCode = values.list ? 0 : 1
} else await (values.fixtures ? measure(values.fixtures) : inTemporaryFolder(measure))

async function measure(folder: string): Promise<void> {
  const bench: Bench = {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    messages: Number(values.messages),
    sizes: (values.sizes ?? (values.long ? LONG_SIZES : SIZES)).split(',').map(Number),
    fixtures: createFixtures(folder),
  }
  const comparisons: Comparison[] = []
  for (const part of parts) {
    if (only && !only.includes(part.name)) continue
    process.stderr.write(`${part.name}: ${part.title}\n`)
    comparisons.push(...(await part.run(bench)))
    // After each part, so that a long run that is interrupted keeps its figures.
    if (values.out) writeFileSync(values.out, toJson(comparisons))
  }
  print(comparisons)
}

function print(comparisons: readonly Comparison[]): void {
  if (values.json) console.log(toJson(comparisons))
  else if (values.markdown)
    console.log(
      toMarkdown([judgeAll(comparisons).map((judgement) => ({ ...judgement })), ...comparisons.map(rowsOf)]),
    )
  else {
    for (const comparison of comparisons) console.table(rowsOf(comparison))
    const judgements = judgeAll(comparisons).filter(({ verdict }) => verdict !== '')
    if (judgements.length > 0) console.table(judgements)
  }
}

function toJson(comparisons: readonly Comparison[]): string {
  return JSON.stringify(makeCard(comparisons), null, 2)
}
