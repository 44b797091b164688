import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { drills } from './drills.js'
import { printTable, writeCard } from './reliability-card.js'
import { cleanUpAtExit } from './rig/cleanup.js'
import { type DrillReport, runDrill } from './run-drill.js'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    seed: { type: 'string' },
    quick: { type: 'boolean', default: false },
    backlog: { type: 'string', default: '100000' },
    list: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed ?? randomInt(2 ** 31))
const { quick, only } = values
const backlog = Number(values.backlog)
const chosen = drills.filter(({ name }) => !only || only.includes(name))

if (values.list || chosen.length === 0) {
  for (const { name, title } of drills) process.stdout.write(`${name.padEnd(21)} ${title}\n`)
  process.exit(values.list ? 0 : 1)
}
cleanUpAtExit()
process.stderr.write(`seed ${seed}${quick ? ', quick' : ''}\n`)

const reports: DrillReport[] = []
for (const drill of chosen) {
  process.stderr.write(`${drill.name}: ${drill.title}\n`)
  const report = await runDrill(drill, { seed, quick, backlog })
  process.stderr.write(`${drill.name}: ${report.verdict} in ${report.seconds} s\n`)
  reports.push(report)
  // After each drill, so that a long run that is interrupted keeps its figures.
  writeCard(reports, { seed, quick })
}
printTable(reports, seed)
process.exit(reports.some(({ verdict }) => verdict === 'failed') ? 1 : 0)
