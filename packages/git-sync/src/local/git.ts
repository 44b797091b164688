import { throwIfAborted } from '../git-sync-error.js'
import type { Logger } from '../logger.js'
import { findGit } from './find-git.js'
import type { GitAnswer, GitCommand } from './git-command.js'
import { gitFailure } from './git-failure.js'
import { type GitProcess, startGitProcess } from './git-process.js'
import { runWithSimpleGit } from './simple-git-runner.js'

const MAX_STDOUT = 1024 * 1024

/** git, in one repository, with one environment. Everything throws `aborted` once its signal has aborted. */
export interface Git {
  /** Runs a command to its end and answers what it says, or throws the failure. */
  run<Result>(command: GitCommand<Result>, signal: AbortSignal): Promise<Result>
  /** Runs a command to its end, however that ends. */
  ask(command: GitCommand<unknown>, signal: AbortSignal): Promise<GitAnswer>
  /** Starts a git that streams. */
  start(
    args: readonly string[],
    signal: AbortSignal,
    manner?: Pick<GitCommand<unknown>, 'niceness'>,
  ): GitProcess
  /** Resolves once no git process is left. */
  settled(): Promise<void>
}

/** What {@link createGit} needs. */
export interface GitOptions {
  readonly directory: string
  readonly variables: Readonly<Record<string, string>>
  /** Takes secrets out of what git said. */
  readonly redact: (text: string) => string
  readonly logger: Logger
}

/** Prepares git for one repository; starts nothing. */
export function createGit({ directory, variables, redact, logger }: GitOptions): Git {
  const running = new Set<Promise<unknown>>()
  let found: string | undefined

  /** Looked for once, when it is first needed: whoever can write to a folder of the PATH later changes nothing. */
  const program = (): string => {
    found ??= findGit(variables.PATH ?? '')
    return found
  }

  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work)
    const forget = () => running.delete(work)
    work.then(forget, forget)
    return work
  }

  const start = (
    args: readonly string[],
    signal: AbortSignal,
    manner: Pick<GitCommand<unknown>, 'patience' | 'niceness'> = {},
  ): GitProcess => {
    throwIfAborted(signal)
    const git = startGitProcess(args, { program: program(), directory, variables, signal, ...manner })
    const ended = git.ended.then((end) => ({ ...end, stderr: redact(end.stderr) }))
    return { ...git, ended: track(ended) }
  }

  const ask = async (command: GitCommand<unknown>, signal: AbortSignal): Promise<GitAnswer> => {
    throwIfAborted(signal)
    const began = performance.now()
    const answer = await (command.patience === undefined
      ? track(runWithSimpleGit(command, { program: program(), directory, variables, signal }))
      : collect(start(command.args, signal, command)))
    const milliseconds = Math.round(performance.now() - began)
    logger.debug({ exitCode: answer.exitCode, milliseconds }, `git ${command.args[0]}`)
    return { ...answer, stdout: redact(answer.stdout), stderr: redact(answer.stderr) }
  }

  return {
    start,
    ask,
    async run(command, signal) {
      const answer = await ask(command, signal)
      if (answer.exitCode === null) throwIfAborted(signal)
      if (!(command.okExitCodes ?? [0]).some((code) => code === answer.exitCode)) {
        throw gitFailure(`git ${command.args[0]}`, answer)
      }
      return command.parse(answer)
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}

async function collect(git: GitProcess): Promise<GitAnswer> {
  const chunks: Buffer[] = []
  let bytes = 0
  git.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength
    if (bytes <= MAX_STDOUT) chunks.push(chunk)
    else git.kill('git said too much')
  })
  git.stdin.end()
  const { exitCode, stderr } = await git.ended
  return { exitCode, stderr, stdout: Buffer.concat(chunks).toString() }
}
