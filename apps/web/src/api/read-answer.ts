import type { Answer, ApiError } from './api-types.js'
import type { Exchange, ExchangeResponse } from './exchange.js'

/** Turns a finished exchange into what the caller of the API can act on. */
export function readAnswer<Value>({ response, problem }: Exchange): Answer<Value> {
  if (!response) return { kind: 'unanswered', problem: problem ?? 'The server does not answer' }
  const json = parseJson(response.body)
  const ok = response.status >= 200 && response.status < 300
  if (!ok || json === undefined)
    return { kind: 'refused', status: response.status, error: readError(response, json) }
  const link = response.headers.find(([name]) => name === 'link')?.[1] ?? null
  return { kind: 'success', value: json as Value, link }
}

function readError({ status, statusText }: ExchangeResponse, json: unknown): ApiError {
  const error = (json as { error?: Partial<ApiError> } | null | undefined)?.error
  return {
    code: error?.code ?? 'unexpected',
    message: error?.message ?? `The server answered ${status} ${statusText}`.trimEnd(),
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
