import type { FakeRepository } from './fake-repository.js'
import type { FakeResponse } from './fake-response.js'
import type { FakeSettings } from './fake-settings.js'

/** A request as a route receives it. */
export interface RouteRequest {
  readonly repository: FakeRepository
  readonly settings: FakeSettings
  /** The address of the fake, e.g. `http://127.0.0.1:40123`. */
  readonly url: string
  /** The variables in the path. */
  readonly variables: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
  /** Whether branches are read as they were before their last move. */
  readonly isStale: boolean
}

/** One endpoint of GitHub's API. */
export interface FakeRoute {
  readonly method: string
  /** E.g. `/repos/{owner}/{repo}/git/ref/{ref}`; `{ref}` and `{path}` may contain slashes. */
  readonly route: string
  /** Whether it responds with 409 while the repository has no commit. */
  readonly needsCommits?: boolean
  readonly respond: (request: RouteRequest) => Promise<FakeResponse>
}
