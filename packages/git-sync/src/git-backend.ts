/** A Git commit's full object name: 40 lowercase hexadecimal digits (64 in a SHA-256 repository). */
export type CommitHash = string

/**
 * One file of a commit to append. `content: null` removes the file, or the folder, and nothing where there is
 * none; strings are written as UTF-8. As in any Git tree, a file takes the place of a folder of its name, and
 * a folder that of a file.
 */
export interface FileChange {
  /** Relative, separated by `/`, e.g. `messages/00/01/23/0193.json`; see {@link assertFilePath}. */
  readonly path: string
  /** The whole file; `null` removes it. */
  readonly content: string | Uint8Array | null
}

/** Who wrote a commit. Git allows neither `<`, `>` nor line ends here: {@link assertAppendRequest} refuses them. */
export interface CommitAuthor {
  /** Not blank. */
  readonly name: string
  /** Not blank; need not be an address. */
  readonly email: string
}

/**
 * One commit to append. Everything that goes into its hash comes from here and from its parent, so the
 * same commits on the same parent always have the same hashes, however often they are built.
 */
export interface CommitDraft {
  /** The whole commit message; a final line end is added where it lacks one. */
  readonly message: string
  /** Who made the content. */
  readonly author: CommitAuthor
  /** When the content was made. Seconds count; must be 1970 or later. */
  readonly authorDate: Date
  /** Who writes the commit. */
  readonly committer: CommitAuthor
  /** When the commit was made; like `authorDate`. */
  readonly committerDate: Date
  /** At least one; each path at most once. */
  readonly files: readonly FileChange[]
}

/** What {@link GitBackend.append} takes: commits, oldest first, to write on top of `parent`. */
export interface AppendRequest {
  /** The tip that the caller knows; `null` while the branch does not exist. */
  readonly parent: CommitHash | null
  /** At least one. */
  readonly commits: readonly CommitDraft[]
}

/** Commits that were built, and that nobody has seen yet; see {@link GitBackend.prepare}. */
export interface PreparedAppend {
  /** One for each commit, in order. */
  readonly hashes: readonly CommitHash[]
  /** Publishes them; the same compare-and-swap as {@link GitBackend.append}. May be tried again where it failed. */
  publish(options?: OperationOptions): Promise<void>
}

/** One file as a commit left it. */
export interface RecordedFile {
  /** Relative, separated by `/`. */
  readonly path: string
  /** The file's bytes; `null` when the commit removed it, or when `omitted` says why they are not here. */
  readonly content: Uint8Array | null
  /** `too-large`: over {@link ReadOptions.maxFileBytes}; `not-a-file`: a symbolic link or a submodule. */
  readonly omitted?: 'too-large' | 'not-a-file'
}

/** One commit read back from the branch, with the files that it really added, changed or removed. */
export interface RecordedCommit {
  /** The commit's name; a cursor to read on from. */
  readonly hash: CommitHash
  /** The whole commit message, with its final line end. */
  readonly message: string
  /** In the order of their paths; none for a commit that changed nothing. */
  readonly files: readonly RecordedFile[]
}

/** What every operation takes. */
export interface OperationOptions {
  /** Gives up early: the operation rejects soon with an `aborted` or `unknown-outcome` error. */
  readonly signal?: AbortSignal
}

/** How much of each commit {@link GitBackend.changesSince} reads. */
export interface ReadOptions extends OperationOptions {
  /** Only files at or below these paths, taken literally, e.g. `messages`. Default: all. Commits without such files still come. */
  readonly within?: readonly string[]
  /** Larger files come without content, as `omitted: 'too-large'`. Default: 1 MiB. */
  readonly maxFileBytes?: number
}

/** How much one `append` should carry; a backend may change it from one batch to the next. */
export interface BatchLimits {
  /** Most commits in one `append`. */
  readonly commits: number
  /** Most files in one commit: 1 where a commit costs nothing, more where each commit is a request. */
  readonly filesPerCommit: number
  /** Most bytes of file content in one `append`. */
  readonly bytes: number
}

/**
 * One branch of one Git repository, append-only from our side.
 *
 * The repository that counts is the remote where there is one. A backend never merges, rebases or
 * forces. Every operation rejects with a {@link GitSyncError}; calls on one backend must not overlap, but for
 * {@link GitBackend.prepare} while something is being published.
 */
export interface GitBackend {
  /** What kind of backend this is, e.g. `local`; for people and logs. */
  readonly name: string
  /** The branch, without `refs/heads/`. */
  readonly branch: string
  /** Where commits are published, never with a credential in it; `null` where there is no remote. */
  readonly remote: string | null
  /** How much one append should carry at the moment. */
  readonly limits: BatchLimits
  /** Tip of the branch in the repository that counts, or `null` while the branch does not exist. */
  head(options?: OperationOptions): Promise<CommitHash | null>
  /**
   * Writes the commits on top of `parent` and publishes them. Resolves with one hash per commit, in order,
   * only once the repository that counts is known to have them.
   *
   * It is a compare-and-swap: if the branch is not at `parent`, it throws `stale-head` and changes nothing
   * (a backend may instead answer with the hashes when the branch already ends in exactly these commits).
   * Asking twice for the same commits therefore never doubles them. All or nothing: `rejected` and
   * `stale-head` mean that none was published, `unknown-outcome` that nobody could tell.
   */
  append(request: AppendRequest, options?: OperationOptions): Promise<CommitHash[]>
  /**
   * The first half of {@link GitBackend.append}: builds the commits, of which the branch shows nothing before they
   * are published. `parent` may be the last of those that were prepared before and are being published meanwhile.
   * What was prepared may be left unpublished. Absent where building ahead gains nothing.
   */
  readonly prepare?:
    | ((request: AppendRequest, options?: OperationOptions) => Promise<PreparedAppend>)
    | undefined
  /**
   * The commits that the branch gained after `cursor` (`null`: from the beginning), parents before children.
   * Streams: memory does not grow with history. Throws `unknown-cursor` when the branch does not contain
   * `cursor`: it was rolled back, rewritten or emptied, or it is another repository.
   */
  changesSince(cursor: CommitHash | null, options?: ReadOptions): AsyncIterable<RecordedCommit>
  /** Ends what is under way and frees what is held; the backend is of no use afterwards. Never throws. */
  close(): Promise<void>
  /** The same as {@link GitBackend.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}
