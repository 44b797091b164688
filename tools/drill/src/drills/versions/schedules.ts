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
const TESTS = ['convergence', 'schedules']
const MAX_OUTPUT_CHARACTERS = 4_000

/** What is read of vitest's JSON. */
interface Results {
  readonly numPassedTests: number
  readonly testResults: readonly { readonly name: string }[]
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
    log(`${number} schedules for each of ${TESTS.join(', ')}, seed ${seed}`)
    const { code, output, errors } = await runTests({ GITMSG_SCHEDULES: `${number}`, GITMSG_SEED: `${seed}` })
    const { numPassedTests = 0, testResults = [] } = parse(output)
    // A test fails unless crashes, lost responses, and lost commits or purges happened in its schedules.
    tally.injected = number * numPassedTests
    tally.figures.schedules = tally.injected
    tally.figures.seed = seed
    const files = testResults.length
    if (code === 0 && numPassedTests === TESTS.length && files === TESTS.length) return
    tally.problems.push(
      `${numPassedTests} of ${TESTS.length} properties hold:\n${output.slice(0, MAX_OUTPUT_CHARACTERS)}\n${errors}`,
    )
  },
}

/** The schedules are about logic, so if possible nothing waits for a disk. */
async function runTests(settings: Record<string, string>) {
  const files = TESTS.map((name) => `${FOLDER}/${name}.test.ts`)
  const child = spawn(process.execPath, [VITEST, 'run', ...files, '--reporter=json', '--testTimeout=0'], {
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
