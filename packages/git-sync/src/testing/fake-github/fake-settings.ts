import type { FakeAnswer } from './fake-answer.js'

/** What goes wrong with one request. */
export type FakeFault =
  /** The connection ends before anything was done. */
  | 'before-lost'
  /** It was done, and the connection ends without an answer. */
  | 'after-lost'
  /** It was done, and the answer breaks off in the middle. */
  | 'cut'
  /** It was done, and no answer ever comes. */
  | 'hang'
  | 'before-502'
  | 'after-502'
  /** No requests left for {@link FakeSettings.pause} seconds. */
  | 'primary'
  /** Too fast: wait for {@link FakeSettings.pause} seconds. */
  | 'secondary'
  /** The branch is read as it was before it last moved; happens only to requests that read a branch. */
  | 'stale'
  /** "Your input was too large to process"; happens only to requests that make a tree. */
  | 'too-large'

/** One request as the fake saw it. */
export interface FakeRequest {
  /** In capital letters, e.g. `PATCH`. */
  readonly method: string
  /** With its query. */
  readonly path: string
  /** The path with its variables' names, e.g. `/repos/{owner}/{repo}/git/trees`. */
  readonly route: string
  /** The parameters behind the `?`. */
  readonly query: Readonly<Record<string, string>>
  /** The parsed JSON; `undefined` where there is none. */
  readonly body: unknown
}

/** How the fake behaves; may be changed at any time. */
export interface FakeSettings {
  /** The only token that is accepted. */
  token: string
  /** Whether it is hidden from who has no token. */
  isPrivate: boolean
  /** Whether GitHub made it read-only, at its owner's wish. */
  isArchived: boolean
  /** Whether GitHub closed it. */
  isDisabled: boolean
  /** Whether the token may write. */
  mayPush: boolean
  /** Whether the repository is there, for this token. */
  exists: boolean
  /** Requests left. */
  remaining: number
  /** Seconds to wait when a limit is reached; `null`: a secondary limit does not say. */
  pause: number | null
  /** Whether the files of commits come with patches. */
  hasPatches: boolean
  /** What goes wrong with a request. */
  fault: ((request: FakeRequest) => FakeFault | undefined) | undefined
  /** Looks at each request first; an answer from here is sent instead. */
  intercept: ((request: FakeRequest) => FakeAnswer | undefined) | undefined
}

/** A private repository that may be written to, where nothing goes wrong. */
export const defaultSettings = (): FakeSettings => ({
  token: 'fake-token',
  isPrivate: true,
  isArchived: false,
  isDisabled: false,
  mayPush: true,
  exists: true,
  remaining: 5000,
  pause: 60,
  hasPatches: true,
  fault: undefined,
  intercept: undefined,
})
