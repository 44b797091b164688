/** What the fake answers. */
export interface FakeAnswer {
  /** HTTP status, e.g. 404. */
  readonly status: number
  /** Sent as JSON. */
  readonly body: unknown
  /** Beside those that every answer has. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A refusal in GitHub's words. */
export const refusal = (
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): FakeAnswer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
  headers,
})

export const NOT_FOUND = refusal(404, 'Not Found')
export const BAD_CREDENTIALS = refusal(401, 'Bad credentials')
export const EMPTY = refusal(409, 'Git Repository is empty.')
export const BAD_GATEWAY: FakeAnswer = { status: 502, body: { message: 'Server Error' } }
export const TOO_LARGE = refusal(
  422,
  "Sorry, your request timed out. It's likely that your input was too large to process. Consider building the tree incrementally, or building the commits you need in a local clone of the repository and then pushing them to GitHub.",
)

/** Out of requests until `reset`, in seconds since 1970. */
export const primaryLimit = (reset: number): FakeAnswer =>
  refusal(403, 'API rate limit exceeded for user ID 1.', {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(reset),
  })

/** Too many requests in a short time; says for how many seconds to wait, or nothing. */
export const secondaryLimit = (retryAfter: number | null): FakeAnswer =>
  refusal(
    403,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
  )
