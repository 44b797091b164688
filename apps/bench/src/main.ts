import { parseArgs } from 'node:util'
import type { Comparison } from './compare.js'
import { comparePosts } from './post.js'
import { compareSync } from './sync.js'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    messages: { type: 'string', default: '5000' },
    json: { type: 'boolean', default: false },
  },
})
const rounds = Number(values.rounds)

const comparisons: Comparison[] = []
for (const connections of [1, 8, 64]) comparisons.push(await comparePosts(connections, rounds))
comparisons.push(await compareSync(Number(values.messages), rounds))

if (values.json) console.log(JSON.stringify(comparisons, null, 2))
else console.table(comparisons.flatMap(rowsOf))

function rowsOf({ what, unit, medians, ratios }: Comparison) {
  return Object.entries(medians).map(([name, median]) => ({
    what,
    who: name,
    median: Math.round(median),
    unit,
    'gitmsg by it': ratios[name] === undefined ? '' : ratios[name].toFixed(2),
  }))
}
