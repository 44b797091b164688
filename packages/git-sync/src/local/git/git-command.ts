/** What git said when a command ended. */
export interface GitAnswer {
  /** `null` when it was killed. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** One git command as data: what to run, what it may answer, how to read that. */
export interface GitCommand<Result> {
  readonly args: readonly string[]
  /** What git reads from its standard input. */
  readonly input?: string
  /** Default: only 0. Anything else is thrown as the failure that `git-failure.ts` makes of it. */
  readonly okExitCodes?: readonly number[]
  /**
   * Milliseconds without any output after which it is given up. A command that has this starts processes of
   * its own (it speaks to a remote, or packs), so it runs in a process group and is ended as a whole.
   */
  readonly patience?: number
  /** How far it gives way to others, see {@link lowerPriority}; only with `patience`. Default: not at all. */
  readonly niceness?: number
  readonly parse: (answer: GitAnswer) => Result
}

/** A command whose output says nothing; that it succeeded is the answer. */
export const nothing = (): void => {}
