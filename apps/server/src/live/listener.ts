import type { Access, Identity } from '../access/access.js'
import { SCOPES, type Scope } from '../access/access-token.js'

/** Who is at the other end of a live connection, and what they may see. */
export interface Listener {
  /** `null`: it has sent none, or it is not valid any more. */
  readonly token: Identity | null
  readonly scopes: readonly Scope[]
  /** Whether it may see the status of the synchronization, which names the remote. */
  readonly seesStatus: boolean
  /** Takes the token of a hello; `null`: it is not valid. */
  use(token: Identity | null): void
  /** Looks the token up again: it may have been revoked, the tokens file lost, or the account disabled. */
  renew(): Promise<void>
  /** Why it may not read messages; `null`: it may. */
  findDenial(): 'unauthenticated' | 'insufficient_scope' | null
}

/** How a server recognizes listeners. */
export interface ListenerRules {
  /** `null`: none needs a token. */
  readonly access: Access | null
  /** Whether one that has never sent a token may read messages. */
  readonly isPublic: boolean
}

const STRANGER_SCOPES: readonly Scope[] = ['read']

/** @param first the token of the request */
export function createListener({ access, isPublic }: ListenerRules, first: Identity | null): Listener {
  let token = first
  let isStranger = first === null

  return {
    get token() {
      return token
    },
    get scopes() {
      return token?.scopes ?? (access ? STRANGER_SCOPES : SCOPES)
    },
    get seesStatus() {
      return !access || token !== null
    },
    use(next) {
      token = next
      isStranger = false
    },
    async renew() {
      if (!access || !token) return
      const known = token
      const renewed = await access.renew(known)
      // Another hello may have come meanwhile.
      if (token === known) token = renewed
    },
    findDenial() {
      if (!access) return null
      if (!token) return isPublic && isStranger ? null : 'unauthenticated'
      return token.scopes.includes('read') ? null : 'insufficient_scope'
    },
  }
}
