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

/** What {@link GitBackend.prepare} takes: commits, oldest first, to build on top of `parent`. */
export interface AppendRequest {
  /** The tip that the caller knows; `null` while the branch does not exist. */
  readonly parent: CommitHash | null
  /** At least one. */
  readonly commits: readonly CommitDraft[]
}

/** Commits that are built but not yet on the branch; see {@link GitBackend.prepare}. */
export interface PreparedAppend {
  /** One for each commit, in order. */
  readonly hashes: readonly CommitHash[]
  /**
   * Moves the branch from `parent` to the last of the commits: a compare-and-swap. If the branch is not at `parent`,
   * it throws `stale-head` and changes nothing, unless the branch already ends in exactly these commits. Resolves
   * only once the repository is known to have them; may be retried after a failure, which never doubles anything.
   * `rejected` and `stale-head` mean that nothing was published, `unknown-outcome` that it could not be determined.
   */
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
  /** Who made the content, as the commit says; the fields may be empty in commits that gitmsg did not make. */
  readonly author: CommitAuthor
  /** When the content was made, to the second. */
  readonly authorDate: Date
  /** Who wrote the commit. */
  readonly committer: CommitAuthor
  /** When the commit was made, to the second. */
  readonly committerDate: Date
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

/** How much one request should carry; a backend may change it from one batch to the next. */
export interface BatchLimits {
  /** Most commits in one request. */
  readonly commits: number
  /** Most files in one commit: 1 where a commit costs nothing, more where each commit costs a round trip. */
  readonly filesPerCommit: number
  /** Most bytes of file content in one request. */
  readonly bytes: number
}

/** What a backend is, for people, logs and schedulers; reading it does nothing. */
export interface BackendInfo {
  /** The kind of backend, e.g. `local`. */
  readonly name: string
  /** The branch, without `refs/heads/`. */
  readonly branch: string
  /** Where commits are published, never with a credential in it; `null` if there is no remote. */
  readonly remote: string | null
  /** How much one request should carry at the moment. */
  readonly limits: BatchLimits
  /**
   * Whether it pays to prepare the next commits while the last ones are being published. If false, `prepare` costs the
   * same round trips either way, and commits prepared ahead are wasted when publishing fails.
   */
  readonly preparesAhead: boolean
}

/**
 * One branch of one Git repository, append-only from our side.
 *
 * If there is a remote, the remote is the repository; anything local is a copy. A backend never merges, rebases or
 * forces. Every operation rejects with a {@link GitSyncError}. Operations on one backend must not overlap, except that
 * {@link GitBackend.prepare} may run while something is being published.
 */
export interface GitBackend {
  /** What this backend is; a backend may change `limits` between batches, so read it when it is needed. */
  readonly info: BackendInfo
  /** Resolves with the tip of the branch, or `null` while the branch does not exist. */
  head(options?: OperationOptions): Promise<CommitHash | null>
  /**
   * Builds commits on top of `parent` without publishing them; nothing of them shows on the branch. This is the only
   * way to write: {@link append} is `prepare` followed by `publish`.
   *
   * `parent` may be the last of the commits that were prepared before, even while those are being published. What was
   * prepared need not be published. Throws `stale-head` at once if `parent` cannot be built on, `invalid-change` if no
   * backend could write the request (see {@link assertAppendRequest}).
   *
   * @example
   * const { hashes, publish } = await backend.prepare({ parent: await backend.head(), commits })
   * await publish()
   */
  prepare(request: AppendRequest, options?: OperationOptions): Promise<PreparedAppend>
  /**
   * Streams the commits that the branch gained after `cursor` (`null`: from the beginning), parents before children.
   * Memory does not grow with history. Throws `unknown-cursor` if the branch does not contain `cursor`: it was rolled
   * back, rewritten or emptied, or it is another repository.
   */
  changesSince(cursor: CommitHash | null, options?: ReadOptions): AsyncIterable<RecordedCommit>
  /** Ends what is under way and releases what is held; the backend cannot be used afterwards. Never throws. */
  close(): Promise<void>
  /** The same as {@link GitBackend.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Writes commits on top of `parent` and publishes them, all or none. Resolves with one hash per commit, in order.
 *
 * @throws {GitSyncError} as {@link GitBackend.prepare} and {@link PreparedAppend.publish}
 * @example
 * const [hash] = await append(backend, { parent: await backend.head(), commits: [draft] })
 */
export async function append(
  backend: Pick<GitBackend, 'prepare'>,
  request: AppendRequest,
  options?: OperationOptions,
): Promise<readonly CommitHash[]> {
  const { hashes, publish } = await backend.prepare(request, options)
  await publish(options)
  return hashes
}
