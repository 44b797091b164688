/** What a git command wrote, and how it ended. */
export interface GitOutput {
  /** `null` if it was killed, by whatever: its output may be incomplete then, and must not be parsed. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** How to run a command in a process group of its own. */
interface ProcessGroupOptions {
  /** Milliseconds without any output after which the whole group is killed. */
  readonly idleTimeoutMs: number
  /** The same after git has sent everything, while the remote runs its hooks. Default: `idleTimeoutMs`. */
  readonly sentTimeoutMs?: number
  /** As for nice(1), from 0 to 19. Default: 0. */
  readonly niceness?: number
  /** Called with how much a fetch with `--progress` has received; returns why it must end, if it must. */
  readonly limitReceived?: (bytes: number) => string | null
}

/** One git command as data: what to run, which exit codes to expect, how to parse the output. */
export interface GitCommand<Result> {
  readonly args: readonly string[]
  /** Added to the environment; only with a `processGroup`. */
  readonly variables?: Readonly<Record<string, string>>
  /** Written to its standard input. Default: empty. */
  readonly input?: string
  /** Any other exit code is thrown as a `gitFailure`. Default: only 0. */
  readonly okExitCodes?: readonly number[]
  /**
   * Required for a command that starts processes of its own or takes long: it contacts a remote, packs, or checks
   * everything. Default: simple-git runs it.
   */
  readonly processGroup?: ProcessGroupOptions
  /** Whether a remote is contacted: what is printed may be the remote's words then, and proves nothing about damage. */
  readonly contactsRemote?: boolean
  readonly parse: (output: GitOutput) => Result
}

/** The `parse` of a command that only succeeds or fails. */
export const ignoreOutput = (): void => {}

/** For commands that take milliseconds and must not stop halfway. */
export const NEVER_ABORTED: AbortSignal = new AbortController().signal
