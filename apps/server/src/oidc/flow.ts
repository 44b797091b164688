import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a person has for signing in at the provider. */
export const FLOW_SECONDS = 600
const SECRET = /^([0-9a-z]{1,9})\.[\w-]{43}$/

/** One attempt to sign in at a provider: what binds the callback to the browser that started it. */
export interface Flow {
  /** Comes back in the callback's URL. */
  readonly state: string
  /** Comes back inside the ID token. */
  readonly nonce: string
  /** Proves to the provider that the code is redeemed by whom it was requested by (PKCE). */
  readonly codeVerifier: string
}

/**
 * Starts a flow. Its secret is for a cookie of the browser: the server stores nothing, because all that the provider sees
 * is derived from the secret. That includes the time in it, which therefore cannot be changed later.
 *
 * @param now milliseconds since 1970
 */
export function startFlow(now: number): { readonly secret: string; readonly flow: Flow } {
  const secret = `${Math.floor(now / 1000).toString(36)}.${randomBytes(32).toString('base64url')}`
  return { secret, flow: deriveFlow(secret) }
}

/** The flow of a secret; `null` if the text is not one, or the flow has ended. */
export function readFlow(secret: string, now: number): Flow | null {
  const [, startedAt] = SECRET.exec(secret) ?? []
  if (startedAt === undefined) return null
  const ageSeconds = now / 1000 - Number.parseInt(startedAt, 36)
  return ageSeconds >= 0 && ageSeconds <= FLOW_SECONDS ? deriveFlow(secret) : null
}

function deriveFlow(secret: string): Flow {
  const derive = (purpose: string) => createHmac('sha256', secret).update(purpose).digest('base64url')
  return { state: derive('state'), nonce: derive('nonce'), codeVerifier: derive('code verifier') }
}

/** Whether a callback with this state belongs to the flow. Takes the same time for every state. */
export function hasState({ state }: Flow, given: string): boolean {
  const [expected, actual] = [Buffer.from(state), Buffer.from(given)]
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}
