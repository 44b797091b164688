import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { onCleanup } from '../../rig/cleanup.js'
import { descendantsOf, signalAll } from '../../rig/processes.js'
import type { Drill } from '../drill.js'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs')
const FOLDER = 'packages/core/src/sync'
/** The files of the properties, one in each, and the configurations of vitest that run them. */
const TESTS = [
  { file: 'convergence.long.test.ts', config: 'vitest.long.config.ts' },
  { file: 'schedules.test.ts', config: 'vitest.config.ts' },
]
const MAX_OUTPUT_CHARACTERS = 4_000

/** What is read of vitest's JSON. */
interface Results {
  readonly numPassedTests: number
}

/** The protocol's logic: real stores, importers and dispatchers over a repository in memory. */
export const schedules: Drill = {
  name: 'schedules',
  title: 'random schedules of servers that edit, delete, crash, lose responses, commits and purged texts',
  obstacle: () => (existsSync(VITEST) ? null : 'vitest is not installed'),
  withoutClients: true,
  async run({ random, tally, log, scale }) {
    const number = scale(20_000, 1_000)
    const seed = random.integer(1, 2 ** 31 - 1)
    log(`${number} schedules for each of ${TESTS.length} properties, seed ${seed}`)
    const settings = { GITMSG_SCHEDULES: `${number}`, GITMSG_SEED: `${seed}` }
    // A test fails unless crashes, lost responses, and lost commits or purges happened in its schedules.
    await Promise.all(
      TESTS.map(async (test) => {
        const { code, output, errors } = await runTest(test, settings)
        const { numPassedTests = 0 } = parse(output)
        tally.injected += number * numPassedTests
        if (code === 0 && numPassedTests === 1) return
        tally.problems.push(`${test.file}:\n${output.slice(0, MAX_OUTPUT_CHARACTERS)}\n${errors}`)
      }),
    )
    tally.figures.schedules = tally.injected
    tally.figures.seed = seed
  },
}

/** The schedules are about logic, so if possible nothing waits for a disk. */
async function runTest(
  { file, config }: { file: string; config: string },
  settings: Readonly<Record<string, string>>,
) {
  const options = [`--config=${config}`, '--reporter=json', '--testTimeout=0']
  const child = spawn(process.execPath, [VITEST, 'run', `${FOLDER}/${file}`, ...options], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const forget = onCleanup(() => end(child))
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  forget()
  return { code, output, errors: errors.slice(-MAX_OUTPUT_CHARACTERS) }
}

function end({ pid = 0, exitCode }: ChildProcess): void {
  if (exitCode === null) signalAll([...descendantsOf(pid), pid], 'SIGKILL')
}

function parse(output: string): Partial<Results> {
  try {
    return JSON.parse(output) as Results
  } catch {
    return {}
  }
}
