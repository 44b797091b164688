import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

const packageFolder = fileURLToPath(new URL('../../..', import.meta.url))

/** Another process that runs this package's code. */
export interface StoreProcess {
  readonly child: ChildProcess
  /** Every line it has said so far. */
  readonly lines: readonly string[]
  /** Resolves when it has said this many lines. */
  said(count: number): Promise<void>
  /** Resolves when it has ended and everything it said was read. */
  ended(): Promise<number | null>
}

/** Builds the program that `start` runs in a process of its own; `remove` deletes it again. */
export async function buildStoreProgram() {
  // Inside node_modules, so that the program finds this package's dependencies.
  const folder = await mkdtemp(join(packageFolder, 'node_modules', '.store-process-'))
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
  return {
    start: (task: 'open' | 'write' | 'lock', path: string) =>
      follow(
        spawn(process.execPath, [join(folder, 'store-process.mjs'), task, path], {
          stdio: ['ignore', 'pipe', 'inherit'],
        }),
      ),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

function follow(child: ChildProcess): StoreProcess {
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  reader.on('line', (line) => lines.push(line))
  const end = Promise.all([once(child, 'close'), once(reader, 'close')])

  return {
    child,
    lines,
    async said(count) {
      while (lines.length < count && child.exitCode === null) await Promise.race([once(reader, 'line'), end])
    },
    async ended() {
      await end
      return child.exitCode
    },
  }
}
