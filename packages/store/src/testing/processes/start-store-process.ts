import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

const PACKAGE_FOLDER = fileURLToPath(new URL('../../..', import.meta.url))

/** Of 512 bytes, or 1 KiB in some shells. */
const MAX_FILE_BLOCKS = 600

/** Another process that runs this package's code. */
export interface StoreProcess {
  readonly child: ChildProcess
  /** The lines printed so far. */
  readonly lines: readonly string[]
  /** Resolves when it has printed this many lines, or has exited. */
  printed(count: number): Promise<void>
  /** Resolves with the exit code when it has exited and all its output is read. */
  exited(): Promise<number | null>
}

/** Builds a program: `start` runs it in a new process, and `remove` deletes it. */
export async function buildStoreProgram() {
  // Inside node_modules, so that the program finds this package's dependencies.
  const folder = await mkdtemp(join(PACKAGE_FOLDER, 'node_modules', '.store-process-'))
  await build({
    entry: [fileURLToPath(new URL('./store-process.ts', import.meta.url))],
    outDir: folder,
    outExtension: () => ({ js: '.mjs' }),
    format: 'esm',
    target: 'node20',
    config: false,
    silent: true,
    skipNodeModulesBundle: true,
  })
  const program = join(folder, 'store-process.mjs')
  return {
    start: (task: 'open' | 'write' | 'index' | 'settle' | 'lock', path: string) =>
      follow(spawnNode([program, task, path])),
    /** Starts a program whose files cannot grow beyond some 300 kB: writing more fails as on a read-only disk. */
    startWithoutSpace: (task: 'probe', path: string) =>
      follow(spawnNode([program, task, path], `ulimit -f ${MAX_FILE_BLOCKS} && exec "$0" "$@"`)),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

function spawnNode(given: readonly string[], shellScript?: string): ChildProcess {
  const command = [process.execPath, '--expose-gc', ...given]
  const [file = '', ...rest] = shellScript === undefined ? command : ['sh', '-c', shellScript, ...command]
  return spawn(file, rest, { stdio: ['ignore', 'pipe', 'inherit'] })
}

function follow(child: ChildProcess): StoreProcess {
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  reader.on('line', (line) => lines.push(line))
  const end = Promise.all([once(child, 'close'), once(reader, 'close')])

  return {
    child,
    lines,
    async printed(count) {
      while (lines.length < count && child.exitCode === null) await Promise.race([once(reader, 'line'), end])
    },
    async exited() {
      await end
      return child.exitCode
    },
  }
}
