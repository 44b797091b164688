/**
 * As much of an Octokit as is used: one of `@octokit/core`, `@octokit/rest` or `octokit` is one. Their own type is
 * not asked for, because their declarations cannot be read by a CommonJS project.
 */
export interface OctokitLike {
  /** Sends one request. */
  readonly request: {
    (route: string, parameters?: Record<string, unknown>): Promise<OctokitAnswer>
    /** How it sends them: the address of the API is here. */
    readonly endpoint: { readonly DEFAULTS: { readonly baseUrl: string } }
  }
}

/** What a request of an Octokit answers. */
export interface OctokitAnswer {
  /** HTTP status. */
  readonly status: number
  /** The parsed body. */
  readonly data: unknown
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | number | undefined>>
}
