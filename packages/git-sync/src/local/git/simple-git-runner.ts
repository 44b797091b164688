import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { GitPluginError, type SimpleGitOptions as LibraryOptions, simpleGit } from 'simple-git'
import type { GitCommand, GitOutput } from './git-command.js'
import { FAILED_TO_SPAWN } from './git-process.js'

const MAX_OUTPUT_BYTES = 64 * 1024
const IDLE_TIMEOUT_MS = 60_000
const SPAWN_CHANNEL = 'child_process'
/** Closes standard input at once; for an empty string, simple-git would leave it open. */
const NO_INPUT = Buffer.alloc(0)

/** simple-git rejects variables and settings that a stranger could have injected; `environment.ts` sets all of these. */
const TRUSTED_SETTINGS = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeCustomBinary: true,
  allowUnsafeHooksPath: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
  allowUnsafeTemplateDir: true,
} satisfies LibraryOptions['unsafe']

/** How {@link runWithSimpleGit} runs a command. */
export interface SimpleGitOptions {
  /** The path of the git binary. */
  readonly program: string
  readonly directory: string
  readonly variables: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/**
 * Runs a short command that starts no other processes, and resolves with its output, whatever its exit code; see
 * `git.ts` for which commands. Output over 64 KiB, or a minute without any, kills it. Never rejects.
 */
export async function runWithSimpleGit(
  { args, input }: Pick<GitCommand<unknown>, 'args' | 'input'>,
  { program, directory, variables, signal }: SimpleGitOptions,
): Promise<GitOutput> {
  const controller = new AbortController()
  const abort = (): void => controller.abort()
  let output: GitOutput = { exitCode: null, stdout: '', stderr: '' }
  let bytes = 0
  const limitOutput = (chunk: Buffer): void => {
    bytes += chunk.byteLength
    if (bytes > MAX_OUTPUT_BYTES) abort()
  }

  signal.addEventListener('abort', abort)
  const spawning = watchSpawn(program, args)
  try {
    const git = simpleGit({
      baseDir: directory,
      binary: program,
      abort: controller.signal,
      timeout: { block: IDLE_TIMEOUT_MS },
      completion: { onExit: false },
      allowEnvironment: Object.keys(variables),
      unsafe: TRUSTED_SETTINGS,
      input: () => input ?? NO_INPUT,
      errors(error, { exitCode, stdOut, stdErr }) {
        output = {
          exitCode,
          stdout: Buffer.concat(stdOut).toString(),
          stderr: Buffer.concat(stdErr).toString(),
        }
        // The command decides which exit codes are failures; only what simple-git did to it is an error here.
        return error instanceof GitPluginError ? error : undefined
      },
    })
    // simple-git adds GIT_TEST_DISALLOW_ABBREVIATED_OPTIONS: git rejects shortened options, and none is used.
    git.env({ ...variables }).outputHandler((_command, stdout, stderr) => {
      stdout.on('data', limitOutput)
      stderr.on('data', limitOutput)
    })
    await git.raw([...args])
    return output
  } catch (error) {
    const spawnFailure = await spawning.failure()
    const exitCode = spawnFailure === undefined ? null : FAILED_TO_SPAWN
    return { exitCode, stdout: '', stderr: `${output.stderr}\n${spawnFailure ?? error}` }
  } finally {
    spawning.stop()
    signal.removeEventListener('abort', abort)
  }
}

/**
 * Handles a child that Node.js could give no pipes, because no file descriptor was free. simple-git throws before
 * it listens for that child's `error` event, and an `error` without a listener would end this process.
 */
function watchSpawn(program: string, args: readonly string[]) {
  let spawnFailure: Promise<unknown> | undefined

  const onChildCreated = (message: unknown): void => {
    const { process: child } = message as { readonly process: ChildProcess }
    // Its program and arguments are set after this event, its error is emitted in a later tick.
    process.nextTick(() => {
      if (child.stdout || !isSpawnOf(child, program, args)) return
      spawnFailure = once(child, 'error').then(([error]) => error)
    })
  }
  subscribe(SPAWN_CHANNEL, onChildCreated)

  return {
    /** Resolves with why the program could not be started, or `undefined`. Call after simple-git has failed. */
    async failure(): Promise<unknown> {
      await nextTurn()
      return spawnFailure
    },
    stop: () => void unsubscribe(SPAWN_CHANNEL, onChildCreated),
  }
}

const isSpawnOf = (
  { spawnfile, spawnargs }: ChildProcess,
  program: string,
  args: readonly string[],
): boolean => spawnfile === program && JSON.stringify(spawnargs.slice(1)) === JSON.stringify(args)
