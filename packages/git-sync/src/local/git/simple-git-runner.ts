import { GitPluginError, simpleGit } from 'simple-git'
import type { GitAnswer, GitCommand } from './git-command.js'
import { watchStart } from './start-watch.js'

const MAX_OUTPUT = 64 * 1024
const PATIENCE = 60_000

/** How {@link runWithSimpleGit} runs a command. */
export interface SimpleGitOptions {
  /** Where git is. */
  readonly program: string
  readonly directory: string
  readonly variables: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/**
 * Runs one of git's own short commands, one that starts no other processes, through simple-git, and answers
 * all that git said. A git that floods its output is ended.
 */
export async function runWithSimpleGit(
  { args, input }: Pick<GitCommand<unknown>, 'args' | 'input'>,
  { program, directory, variables, signal }: SimpleGitOptions,
): Promise<GitAnswer> {
  const ending = new AbortController()
  const end = (): void => ending.abort()
  let answer: GitAnswer = { exitCode: null, stdout: '', stderr: '' }
  let written = 0
  const count = (chunk: Buffer): void => {
    written += chunk.byteLength
    if (written > MAX_OUTPUT) end()
  }

  const git = simpleGit({
    baseDir: directory,
    binary: program,
    abort: ending.signal,
    timeout: { block: PATIENCE },
    completion: { onExit: false },
    allowEnvironment: Object.keys(variables),
    // simple-git guards against settings that strangers could choose; all of these are ours.
    unsafe: {
      allowUnsafeAskPass: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeCustomBinary: true,
      allowUnsafeHooksPath: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeSshCommand: true,
      allowUnsafeTemplateDir: true,
    },
    input: () => input,
    errors(error, { exitCode, stdOut, stdErr }) {
      const stderr = Buffer.concat(stdErr).toString()
      answer = { exitCode, stdout: Buffer.concat(stdOut).toString(), stderr }
      // Exit codes are judged by the command; only what simple-git itself did to it is an error here.
      return error instanceof GitPluginError ? error : undefined
    },
  })
    // simple-git adds GIT_TEST_DISALLOW_ABBREVIATED_OPTIONS, with which git refuses shortened options: we have none.
    .env({ ...variables })
    .outputHandler((_command, stdout, stderr) => {
      stdout.on('data', count)
      stderr.on('data', count)
    })

  signal.addEventListener('abort', end)
  const start = watchStart(program, args)
  try {
    await git.raw([...args])
    return answer
  } catch (error) {
    const reason = (await start.failure()) ?? error
    return { exitCode: null, stdout: '', stderr: `${answer.stderr}\n${reason}` }
  } finally {
    start.stop()
    signal.removeEventListener('abort', end)
  }
}
