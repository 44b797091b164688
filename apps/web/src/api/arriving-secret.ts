/** A secret that a link, or the identity provider, has led to the page with. */
export interface ArrivingSecret {
  readonly kind: 'session' | 'join' | 'reset' | 'identity'
  readonly secret: string
}

const SECRET = /^gitmsg([sjri])_[\w-]{43}$/
const KINDS = { s: 'session', j: 'join', r: 'reset', i: 'identity' } as const

/** The secret in a fragment, or at the end of a link; `null` if there is none. */
export function secretOf(text: string): ArrivingSecret | null {
  const secret = text.trim().replace(/^[^#]*#/, '')
  const [, letter] = SECRET.exec(secret) ?? []
  return letter === undefined ? null : { kind: KINDS[letter as keyof typeof KINDS], secret }
}

/** Calls `onArrival` with the secret in the fragment, now and later, and takes it out of the address and the history. */
export function watchArrivals(onArrival: (arriving: ArrivingSecret) => void): void {
  function take(): void {
    const arriving = secretOf(location.hash)
    if (arriving === null) return
    history.replaceState(null, '', location.pathname + location.search)
    onArrival(arriving)
  }

  addEventListener('hashchange', take)
  take()
}
