/** A response of the fake. */
export interface FakeResponse {
  /** HTTP status, e.g. 404. */
  readonly status: number
  /** Sent as JSON. */
  readonly body: unknown
  /** In addition to those of every response. */
  readonly headers?: Readonly<Record<string, string>>
}

/** An error in GitHub's words. */
export const errorResponse = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): FakeResponse => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
  headers,
})

export const NOT_FOUND = errorResponse(404, 'Not Found')
export const BAD_CREDENTIALS = errorResponse(401, 'Bad credentials')
export const EMPTY = errorResponse(409, 'Git Repository is empty.')
export const BAD_GATEWAY: FakeResponse = { status: 502, body: { message: 'Server Error' } }
export const TOO_LARGE = errorResponse(
  422,
  "Sorry, your request timed out. It's likely that your input was too large to process. Consider building the tree incrementally, or building the commits you need in a local clone of the repository and then pushing them to GitHub.",
)

/** Out of requests until `reset`, in seconds since 1970. */
export const primaryLimit = (reset: number): FakeResponse =>
  errorResponse(403, 'API rate limit exceeded for user ID 1.', {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(reset),
  })

/** Too many requests in a short time; states how many seconds to wait, or nothing. */
export const secondaryLimit = (retryAfter: number | null): FakeResponse =>
  errorResponse(
    403,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
  )
