import { Console } from 'node:console'
import { writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { run } from './rig/shell.js'
import type { DrillReport } from './run-drill.js'

const CARD = 'reliability-card.json'

/** Prints the table, then every figure and every problem of each drill. */
export function printTable(reports: readonly DrillReport[], seed: number): void {
  const output = new Console(process.stdout)
  output.table(
    reports.map(({ name, verdict, injected, acknowledged, seconds, figures }) => ({
      drill: name,
      verdict,
      injected,
      acknowledged,
      lost: figures.lost ?? '',
      unexpected: figures.unexpected ?? '',
      duplicated: figures.duplicated ?? '',
      corrupted: figures.corrupted ?? '',
      seconds,
    })),
  )
  for (const { name, reason, problems, figures } of reports) {
    const others = Object.entries(figures).filter(([figure]) => !STORE_FIGURES.includes(figure))
    output.log(`\n${name}${reason ? `: not run, ${reason}` : ''}`)
    for (const [figure, value] of others) output.log(`  ${figure}: ${value}`)
    for (const problem of problems) output.log(`  PROBLEM ${problem}`)
  }
  output.log(`\nseed ${seed}; details are in ${CARD}`)
}

/** Writes the card, `reliability-card.json`, to the current folder. */
export function writeCard(
  reports: readonly DrillReport[],
  { seed, quick }: { seed: number; quick: boolean },
): void {
  const card = { ...describeRun(), seed, quick, drills: reports }
  writeFileSync(CARD, `${JSON.stringify(card, null, 2)}\n`)
}

/** Figures with a column in the table. */
const STORE_FIGURES = ['lost', 'unexpected', 'duplicated', 'corrupted']

function describeRun() {
  return {
    at: new Date().toISOString(),
    machine: {
      system: `${process.platform} ${release()}`,
      processors: cpus().length,
      gibibytes: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      git: run('git', '--version').trim(),
    },
  }
}
