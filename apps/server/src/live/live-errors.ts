/** How a live connection ends when the server ends it: the close code, and the sentence of the error frame. */
export const LIVE_ENDINGS = {
  binary_frame: { close: 1003, message: 'Frames must be text.' },
  invalid_frame: {
    close: 1008,
    message:
      'The frame must be a hello as described in /asyncapi.json, and they must not come in quick succession.',
  },
  internal: {
    close: 1011,
    message: 'An internal error occurred. The server logged it under this request id.',
  },
  unauthenticated: { close: 4401, message: 'The access token is missing or not valid.' },
  insufficient_scope: { close: 4403, message: 'The access token lacks the scope read.' },
  hello_timeout: { close: 4408, message: 'The first frame must arrive within 5 seconds.' },
  too_slow: { close: 4409, message: 'Frames were not read in time. Connect again after the last position.' },
  /** These two send a `bye` instead of an error. */
  shutting_down: { close: 1012, message: '' },
  overloaded: { close: 1013, message: '' },
} as const

/** Why the server ends a connection. */
export type Ending = keyof typeof LIVE_ENDINGS
export type LiveErrorCode = Exclude<Ending, 'shutting_down' | 'overloaded'>

export const LIVE_ERROR_CODES = [
  'binary_frame',
  'invalid_frame',
  'internal',
  'unauthenticated',
  'insufficient_scope',
  'hello_timeout',
  'too_slow',
] as const satisfies readonly LiveErrorCode[]

/** Ends a connection when it is thrown. */
export class LiveError extends Error {
  override readonly name = 'LiveError'
  readonly code: Ending

  constructor(code: Ending) {
    super(code)
    this.code = code
  }
}
