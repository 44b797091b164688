import type { ErrorCode } from './errors.js'

export interface HttpProblemDetails {
  /** The field that is wrong, where it is one. */
  readonly field?: string
  /** Headers that belong to the answer, e.g. `Allow` to a 405. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A request that is answered with an error, for a reason of the transport's. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem'
  readonly status: number
  readonly code: ErrorCode
  readonly field: string | undefined
  readonly headers: Readonly<Record<string, string>>

  /** @param message for people; never repeats what was sent */
  constructor(status: number, code: ErrorCode, message: string, details: HttpProblemDetails = {}) {
    super(message)
    this.status = status
    this.code = code
    this.field = details.field
    this.headers = details.headers ?? {}
  }
}
