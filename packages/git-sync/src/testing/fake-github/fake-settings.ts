import type { FakeResponse } from './fake-response.js'

/** What goes wrong with one request. */
export type FakeFault =
  /** The connection ends before anything is done. */
  | 'before-lost'
  /** Done, but the connection ends without a response. */
  | 'after-lost'
  /** Done, but the response is cut off in the middle. */
  | 'cut'
  /** Done, but no response is ever sent. */
  | 'hang'
  /** Not done, with status 502. */
  | 'before-502'
  /** Done, but with status 502. */
  | 'after-502'
  /** No requests left for {@link FakeSettings.pause} seconds. */
  | 'primary'
  /** Too fast: wait for {@link FakeSettings.pause} seconds. */
  | 'secondary'
  /** The branch is read as it was before its last move; only for requests that read a branch. */
  | 'stale'
  /** "Your input was too large to process"; only for requests that create a tree. */
  | 'too-large'

/** One request as the fake received it. */
export interface FakeRequest {
  /** In capital letters, e.g. `PATCH`. */
  readonly method: string
  /** With its query. */
  readonly path: string
  /** The path with its variables' names, e.g. `/repos/{owner}/{repo}/git/trees`. */
  readonly route: string
  /** The parameters behind the `?`. */
  readonly query: Readonly<Record<string, string>>
  /** The parsed JSON; empty if there is no body. */
  readonly body: unknown
}

/** How the fake behaves; may be changed at any time. */
export interface FakeSettings {
  /** The only valid token. */
  token: string
  /** Whether it is hidden from requests without a token. */
  isPrivate: boolean
  /** Whether its owner made it read-only. */
  isArchived: boolean
  /** Whether GitHub has disabled it. */
  isDisabled: boolean
  /** Whether the token may write. */
  mayPush: boolean
  /** Whether the repository exists and the token permits seeing it. */
  exists: boolean
  /** Requests left. */
  remaining: number
  /** Seconds to wait when a limit is reached; `null`: a secondary limit does not state them. */
  pause: number | null
  /** Whether the files of commits come with patches. */
  hasPatches: boolean
  /** What goes wrong with a request. */
  fault: ((request: FakeRequest) => FakeFault | undefined) | undefined
  /** Runs before anything else; a response from here is sent instead. */
  intercept: ((request: FakeRequest) => FakeResponse | undefined) | undefined
}

/** A private, writable repository without faults. */
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
