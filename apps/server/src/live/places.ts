import { problem } from '../http/errors.js'

/** How many live connections one token, or one peer without a token, may have. */
const MAX_PER_CLIENT = 32
const RETRY_SECONDS = 5

/** Room for one connection. */
export interface Place {
  /** Counts the connection for another client from now on. Returns false, and changes nothing, if that has too many. */
  moveTo(client: string): boolean
  release(): void
}

/** Room for all connections. */
export interface Places {
  readonly taken: number
  /** @throws {HttpError} `live_full`, `too_many_sockets` */
  take(client: string): Place
}

export function createPlaces(total: number, perClient = MAX_PER_CLIENT): Places {
  const counts = new Map<string, number>()
  let taken = 0

  function count(client: string, change: number): void {
    const next = (counts.get(client) ?? 0) + change
    if (next > 0) counts.set(client, next)
    else counts.delete(client)
  }

  const isFull = (client: string): boolean => (counts.get(client) ?? 0) >= perClient

  return {
    get taken() {
      return taken
    },
    take(first) {
      let client = first
      let isReleased = false
      const headers = { 'Retry-After': String(RETRY_SECONDS) }
      if (isFull(client)) throw problem('too_many_sockets', { headers })
      if (taken >= total) throw problem('live_full')
      taken += 1
      count(client, 1)
      return {
        moveTo(next) {
          if (next === client) return true
          if (isFull(next)) return false
          count(client, -1)
          count(next, 1)
          client = next
          return true
        },
        release() {
          if (isReleased) return
          isReleased = true
          taken -= 1
          count(client, -1)
        },
      }
    },
  }
}
