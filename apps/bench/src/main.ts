import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Comparison } from './compare.js'
import { parts } from './parts.js'
import { rowsOf } from './report/rows.js'
import { createFixtures } from './rig/fixtures.js'
import { inTemporaryFolder } from './rig/temporary-folder.js'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    list: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    messages: { type: 'string', default: '5000' },
    sizes: { type: 'string' },
    long: { type: 'boolean', default: false },
    fixtures: { type: 'string' },
    json: { type: 'boolean', default: false },
    out: { type: 'string' },
  },
})
const sizes = (values.sizes ?? (values.long ? '0,10000,100000,1000000' : '0,10000,100000'))
  .split(',')
  .map(Number)
const only = values.only?.flatMap((names) => names.split(','))
const chosen = parts.filter(({ name }) => !only || only.includes(name))

if (values.list || chosen.length === 0) {
  for (const { name, title } of parts) console.log(`${name.padEnd(12)} ${title}`)
  process.exit(values.list ? 0 : 1)
}

const comparisons: Comparison[] = []
const run = async (folder: string) => {
  const bench = {
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    messages: Number(values.messages),
    sizes,
    fixtures: createFixtures(folder),
  }
  for (const part of chosen) {
    process.stderr.write(`${part.name}: ${part.title}\n`)
    const found = await part.run(bench)
    for (const comparison of found) if (!values.json) console.table(rowsOf(comparison))
    comparisons.push(...found)
    if (values.out) writeFileSync(values.out, JSON.stringify(comparisons, null, 2))
  }
}
await (values.fixtures ? run(values.fixtures) : inTemporaryFolder(run))
if (values.json) console.log(JSON.stringify(comparisons, null, 2))
