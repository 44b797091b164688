/** A Git commit's full object name: 40 lowercase hexadecimal digits (64 in a SHA-256 repository). */
export type CommitHash = string

/**
 * One file of a commit to append. `content: null` removes the file or folder, and does nothing if there is none;
 * strings are written as UTF-8. As in any Git tree, a file replaces a folder of its name and a folder replaces a file.
 */
export interface FileChange {
  /** Relative, separated by `/`, e.g. `messages/00/01/23/0193.json`; see {@link assertFilePath}. */
  readonly path: string
  /** The whole file; `null` removes it. */
  readonly content: string | Uint8Array | null
}

/** A person or program named by a commit. Neither field may contain `<`, `>`, a line end or NUL. */
export interface CommitAuthor {
  /** Not blank. */
  readonly name: string
  /** Not blank; need not be an address. */
  readonly email: string
}

/**
 * One commit to append. Its hash depends only on what is here and on its parent, so the same commits on the same
 * parent always have the same hashes.
 */
export interface CommitDraft {
  /** The whole commit message; a final line end is added if it is missing. */
  readonly message: string
  /** The author of the content. */
  readonly author: CommitAuthor
  /** When the content was made: 1970 or later; fractions of a second are dropped. */
  readonly authorDate: Date
  /** The author of the commit itself. */
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
  /** The file's bytes; `null` if the commit removed it or if `omitted` is set. */
  readonly content: Uint8Array | null
  /** Why there are no bytes. `too-large`: over {@link ReadOptions.maxFileBytes}; `not-a-file`: a symbolic link or a submodule. */
  readonly omitted?: 'too-large' | 'not-a-file'
  /** The file at this path of the head, if that differs. Only with {@link ReadOptions.compareWithHead}. */
  readonly superseded?: Pick<RecordedFile, 'content' | 'omitted'>
}

/**
 * One commit read back from the branch, with the files that it really added, changed or removed. A merge has what it
 * changed against its first parent. A commit with many files, or large ones, comes in parts: see `isContinued`.
 */
export interface RecordedCommit {
  /** The commit's name; a cursor to read on from, unless `isContinued`. */
  readonly hash: CommitHash
  /** The author of the content; its fields may be empty in commits of other programs. */
  readonly author: CommitAuthor
  /** When the content was made, to the second. */
  readonly authorDate: Date
  /** The author of the commit itself. */
  readonly committer: CommitAuthor
  /** When the commit was made, to the second. */
  readonly committerDate: Date
  /** The whole commit message, with its final line end. */
  readonly message: string
  /**
   * Set if it came with a merge: the first parents from the head back do not lead to it. The commits without it, one
   * after the other, make the tree of the head. Default: false.
   */
  readonly isOnSideLine?: boolean
  /**
   * Set if there are more files: the next item is the same commit again, with the files that follow. So memory does not
   * grow with a commit. Default: false.
   */
  readonly isContinued?: boolean
  /** In the order of their paths; empty for a commit that changed nothing. */
  readonly files: readonly RecordedFile[]
}

/** Options of every operation. */
export interface OperationOptions {
  /** Ends the operation early: it rejects soon with `aborted`, or with `unknown-outcome` while publishing. */
  readonly signal?: AbortSignal
}

/** How much of each commit {@link GitBackend.changesSince} reads. */
export interface ReadOptions extends OperationOptions {
  /** Only files at or below these literal paths, e.g. `messages`. Default: all. Commits without such files are still yielded. */
  readonly within?: readonly string[]
  /** Larger files come without content, as `omitted: 'too-large'`. Default: 1 MiB. */
  readonly maxFileBytes?: number
  /** Also look up what the head has at the path of each file; see {@link RecordedFile.superseded}. Default: false. */
  readonly compareWithHead?: boolean
}

/** How much one request should carry. A larger request is not an error, but may be slow or rejected. */
export interface BatchLimits {
  /** Most commits in one request. */
  readonly commits: number
  /** Most files in one commit: 1 where a commit costs nothing, more where each commit costs a round trip. */
  readonly filesPerCommit: number
  /** Most bytes of file content in one request. */
  readonly bytes: number
}

/**
 * What a backend found or did on its own, for counters and alerts.
 *
 * - `damaged`: a check found its repository damaged; the next operation repairs it
 * - `rebuilding`: its repository was damaged; it was archived and is being rebuilt
 * - `lock-removed`: it removed a lock that a killed git had left behind
 */
export type BackendEvent = 'damaged' | 'rebuilding' | 'lock-removed'

/** What a backend is, for people, logs and schedulers. Reading it has no effects. */
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
 * One branch of one Git repository, to which a backend only ever appends.
 *
 * If there is a remote, the remote is the repository; anything local is a copy. A backend never merges, rebases or
 * forces. Its operations reject with nothing but a {@link GitSyncError}. They must not overlap, except that
 * {@link GitBackend.prepare} may run while something is being published.
 */
export interface GitBackend {
  /** What this backend is. `limits` may change between batches, so read it when needed; the rest is constant. */
  readonly info: BackendInfo
  /** Resolves with the tip of the branch, or `null` while the branch does not exist. */
  head(options?: OperationOptions): Promise<CommitHash | null>
  /**
   * Builds commits on top of `parent` without publishing them: the branch does not show them yet. This is the only way
   * to write; {@link append} is `prepare` followed by `publish`.
   *
   * `parent` may be the last of the commits prepared before, even while those are being published. Prepared commits
   * need not be published. Throws `invalid-change` if no backend could write the request (see
   * {@link assertAppendRequest}). Throws `stale-head` if it finds that the branch is not at
   * `parent`; if it does not look, `publish` throws it.
   *
   * @example
   * const { hashes, publish } = await backend.prepare({ parent: await backend.head(), commits })
   * await publish()
   */
  prepare(request: AppendRequest, options?: OperationOptions): Promise<PreparedAppend>
  /**
   * Streams the commits that the branch gained after `cursor` (`null`: from the beginning), parents before children.
   * Memory grows neither with history nor with a commit. Throws `unknown-cursor` if the branch does not contain `cursor`: it was rolled
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
