import { ERROR_CODES, type ErrorStatus, type Refusals } from '../errors.js'
import type { Operation } from './operation.js'

/** What any request may be answered with before it gets to its call. */
export const EVERY_CALL: Refusals = {
  400: ['invalid_header', 'invalid_host', 'invalid_query', 'invalid_request'],
  403: ['origin_not_allowed'],
  408: ['request_timeout'],
  417: ['expectation_failed'],
  421: ['host_not_allowed'],
  429: ['rate_limited'],
  431: ['headers_too_large'],
  500: ['internal'],
}

/** What every call that needs a token may be answered with. */
const WITH_SCOPE: Refusals = {
  401: ['invalid_token', 'missing_token'],
  403: ['insufficient_scope'],
}

/** What a call that asks the storage may be answered with. */
export const STORAGE: Refusals = { 503: ['shutting_down', 'storage_busy'] }

/** Everything that a call may refuse, its codes in alphabetical order. */
export function refusalsOf({ scope, refusals = {} }: Operation): [ErrorStatus, string[]][] {
  return merge([EVERY_CALL, scope === null ? {} : WITH_SCOPE, refusals])
}

function merge(all: readonly Refusals[]): [ErrorStatus, string[]][] {
  const statuses = Object.keys(ERROR_CODES).map(Number) as ErrorStatus[]
  return statuses.flatMap((status) => {
    const codes = new Set<string>(all.flatMap((refusals) => refusals[status] ?? []))
    return codes.size > 0 ? [[status, [...codes].toSorted()]] : []
  })
}
