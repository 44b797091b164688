import type { ApiError, Position } from './api-types.js'
import type { Exchange, ExchangeResponse } from './exchange.js'

/**
 * The outcome of an API request. `next` is the target of the response's `next` link as written, possibly
 * relative; `position` is the place of the feed that the value has at least reached; `problem` is a phrase
 * without a period.
 */
export type ApiResult<Value> =
  | {
      readonly kind: 'success'
      readonly value: Value
      readonly next: string | null
      readonly position: Position | null
    }
  | { readonly kind: 'http-error'; readonly status: number; readonly error: ApiError }
  | { readonly kind: 'no-response'; readonly problem: string }

/**
 * Reads the result of a completed exchange; the value of a response without content is `null`. A success whose body
 * is not JSON counts as an HTTP error.
 */
export function toApiResult<Value>({ response, problem }: Exchange): ApiResult<Value> {
  if (!response) return { kind: 'no-response', problem: problem ?? 'The server cannot be reached' }
  if (response.status === 204) return { kind: 'success', value: null as Value, next: null, position: null }
  const json = parseJson(response.body)
  const ok = response.status >= 200 && response.status < 300
  if (!ok || json === undefined) {
    return { kind: 'http-error', status: response.status, error: readError(response, json) }
  }
  const header = (wanted: string) => response.headers.find(([name]) => name === wanted)?.[1] ?? null
  const position = parsePosition(header('gitmsg-position'))
  return { kind: 'success', value: json as Value, next: linkTarget(header('link'), 'next'), position }
}

/**
 * The target of the first link with this relation in an RFC 8288 `Link` header, or `null`.
 * The target is returned as written: relative ones are not resolved.
 */
export function linkTarget(header: string | null, relation: string): string | null {
  for (const [, target, parameters] of (header ?? '').matchAll(/<([^>]*)>((?:"[^"]*"|[^,"])*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,]+))/i.exec(parameters ?? '') ?? []
    const relations = (quoted ?? bare ?? '').toLowerCase().split(/\s+/)
    if (relations.includes(relation.toLowerCase())) return target ?? null
  }
  return null
}

/** The query of a link. Only that is used: the page stays on its own server whatever the link points to. */
export const queryOf = (link: string): string => new URL(link, document.baseURI).search

/** The place in a `Gitmsg-Position` header. */
function parsePosition(header: string | null): Position | null {
  const [, epoch, position] = /^([^:]+):(\d+)$/.exec(header ?? '') ?? []
  return epoch === undefined ? null : { epoch, position: Number(position) }
}

function readError({ status, statusText }: ExchangeResponse, json: unknown): ApiError {
  const error = (json as { error?: Partial<ApiError> } | null | undefined)?.error
  return {
    code: error?.code ?? 'unexpected',
    message: error?.message ?? `The server responded with ${status} ${statusText}`.trimEnd(),
    ...(error?.field === undefined ? {} : { field: error.field }),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
