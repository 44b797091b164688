/** Why signing in failed: the provider cannot be used now, or it does not confirm who the person is. */
export type ProviderErrorCode = 'unavailable' | 'rejected'

/** What signing in at a provider fails with. The message is for the log: it may repeat what the provider wrote. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly code: ProviderErrorCode

  constructor(code: ProviderErrorCode, cause: unknown) {
    super(describeCause(cause), { cause })
    this.code = code
  }
}

/** Failures to get a usable response, by the codes of openid-client. The provider has not decided anything. */
const WITHOUT_RESPONSE: readonly unknown[] = [
  'OAUTH_TIMEOUT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
]
/** What the provider says about a code that is unknown, was used, or belongs to another flow. */
const CODE_REJECTED = 'invalid_grant'

/** What redeeming a code failed with. A provider that rejects this server, not the person, cannot be used. */
export function toProviderError(error: unknown): ProviderError {
  const { code, error: rejection } = error as { code?: unknown; error?: unknown }
  const isServer = code === 'OAUTH_RESPONSE_BODY_ERROR' && rejection !== CODE_REJECTED
  const isUnreachable = error instanceof TypeError || WITHOUT_RESPONSE.includes(code)
  return new ProviderError(isServer || isUnreachable ? 'unavailable' : 'rejected', error)
}

/** What happened, in the words of the library, the provider and the system. */
function describeCause(error: unknown): string {
  const { code, error: rejection, cause, message } = error as Partial<Record<string, unknown>>
  const inner = (cause ?? {}) as Partial<Record<string, unknown>>
  const parts = [code ?? message, rejection, inner.code, inner.message]
  return [...new Set(parts.filter((part) => typeof part === 'string'))].join(' ')
}
