import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { GitSyncError, throwIfAborted } from '../../git-sync-error.js'
import type { Logger } from '../../logger.js'
import { gitFailure } from './failure.js'
import type { GitCommand, GitOutput } from './git-command.js'
import { type GitProcess, type GitProcessOptions, startGitProcess } from './git-process.js'
import { runWithSimpleGit } from './simple-git-runner.js'

const MAX_STDOUT_BYTES = 1024 * 1024
const GIT_BINARY = process.platform === 'win32' ? 'git.exe' : 'git'

/**
 * git, in one repository, with one environment. Everything throws `aborted` once its signal has aborted.
 *
 * Two runners share the work:
 *
 * - **simple-git** (`simple-git-runner.ts`) runs the ordinary commands: those that take milliseconds, print little
 *   and start no processes of their own. They are `version`, `init`, `symbolic-ref`, `for-each-ref`, `cat-file -t`,
 *   `merge-base`, `update-ref` and `count-objects`.
 * - **A process group** (`git-process.ts`) runs what simple-git cannot: it would kill only git itself and leave its
 *   helpers running, cannot lower a priority, and resolves only once all output is in memory.
 *   Commands with a `processGroup` contact a remote (`ls-remote`, `fetch`, `push`) or read the whole repository
 *   (`repack`, `commit-graph`, `fsck`); they are killed with their helpers after an idle timeout.
 *   Streams, from `start`, are written or read while they run: `fast-import`, `log`, `rev-list`, `cat-file --batch`
 *   and `cat-file --batch-check`.
 */
export interface Git {
  /** Runs a command and resolves with its parsed output; rejects with a `gitFailure` if it fails. */
  run<Result>(command: GitCommand<Result>, signal: AbortSignal): Promise<Result>
  /** Runs a command and resolves with its output, whatever its exit code. */
  output(command: GitCommand<unknown>, signal: AbortSignal): Promise<GitOutput>
  /** Starts a streaming git. */
  start(args: readonly string[], signal: AbortSignal, options?: StreamOptions): GitProcess
  /** Resolves once no git process is running. */
  idle(): Promise<void>
}

/** How to start a streaming git. With `idleTimeoutMs` its output flows, whether or not it is read. */
type StreamOptions = Pick<GitProcessOptions, 'niceness' | 'idleTimeoutMs'>

/** What {@link createGit} needs. */
export interface GitOptions {
  readonly directory: string
  /** The whole environment, see `createGitEnvironment`. */
  readonly variables: Readonly<Record<string, string>>
  /** Removes secrets from git's output. */
  readonly redact: (text: string) => string
  readonly logger: Logger
}

/** Creates a {@link Git} for one repository; starts nothing. */
export function createGit({ directory, variables, redact, logger }: GitOptions): Git {
  const running = new Set<Promise<unknown>>()
  let cachedProgram: string | undefined

  /** Searched for once: a git that is placed on the PATH later must not be picked up. */
  const program = (): string => {
    cachedProgram ??= findGit(variables.PATH ?? '')
    return cachedProgram
  }

  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work)
    const untrack = () => running.delete(work)
    work.then(untrack, untrack)
    return work
  }

  const start = (
    args: readonly string[],
    signal: AbortSignal,
    options: Pick<GitProcessOptions, 'idleTimeoutMs' | 'sentTimeoutMs' | 'niceness' | 'limitReceived'> = {},
    additional: Readonly<Record<string, string>> = {},
  ): GitProcess => {
    throwIfAborted(signal)
    const environment = { ...variables, ...additional }
    const git = startGitProcess(args, {
      program: program(),
      directory,
      variables: environment,
      signal,
      ...options,
    })
    const ended = git.ended.then((exit) => ({ ...exit, stderr: redact(exit.stderr) }))
    return { ...git, ended: track(ended) }
  }

  const withSimpleGit = (command: GitCommand<unknown>, signal: AbortSignal): Promise<GitOutput> =>
    track(runWithSimpleGit(command, { program: program(), directory, variables, signal }))

  const output = async (command: GitCommand<unknown>, signal: AbortSignal): Promise<GitOutput> => {
    throwIfAborted(signal)
    const { args, input, processGroup } = command
    const startedAt = performance.now()
    const result =
      processGroup === undefined
        ? await withSimpleGit(command, signal)
        : await collectOutput(start(args, signal, processGroup, command.variables), input)
    const milliseconds = Math.round(performance.now() - startedAt)
    logger.debug({ exitCode: result.exitCode, milliseconds }, `git ${args[0]}`)
    return { ...result, stdout: redact(result.stdout), stderr: redact(result.stderr) }
  }

  const run = async <Result>(command: GitCommand<Result>, signal: AbortSignal): Promise<Result> => {
    const result = await output(command, signal)
    if (result.exitCode === null) throwIfAborted(signal)
    const isExpected = (command.okExitCodes ?? [0]).some((code) => code === result.exitCode)
    if (!isExpected) throw gitFailure(`git ${command.args[0]}`, result, command)
    return command.parse(result)
  }

  const idle = async (): Promise<void> => {
    while (running.size > 0) await Promise.allSettled(running)
  }

  return { run, output, start, idle }
}

async function collectOutput(git: GitProcess, input: string | undefined): Promise<GitOutput> {
  const chunks: Buffer[] = []
  let bytes = 0
  git.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength
    if (bytes <= MAX_STDOUT_BYTES) chunks.push(chunk)
    else git.kill('git output exceeds the limit')
  })
  git.stdin.end(input)
  const { exitCode, stderr } = await git.ended
  return { exitCode, stderr, stdout: Buffer.concat(chunks).toString() }
}

/**
 * The path of the first git on a PATH. Relative folders are skipped, because they would depend on the directory
 * that git is started in.
 *
 * @throws {GitSyncError} `misconfigured` if no folder has one
 */
export function findGit(path: string): string {
  const folders = path.split(delimiter).filter(isAbsolute)
  const found = folders.map((folder) => join(folder, GIT_BINARY)).find(isExecutable)
  if (found === undefined)
    throw new GitSyncError('misconfigured', 'git was not found in any folder of the PATH')
  return found
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
