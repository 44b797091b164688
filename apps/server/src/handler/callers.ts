import { randomUUID } from 'node:crypto'
import type { Caller } from '../../handler.js'
import type { Access, Identity } from '../access/access.js'

/** Recognizes callers by the application's own function. */
export interface Callers {
  readonly access: Access
  /** Runs `send` with headers that prove who the caller is. */
  authenticate(request: Request, headers: Headers, send: () => Promise<Response>): Promise<Response>
}

/** Translates callers to what the service knows: a token, which is valid for one request. */
export function createCallers(
  identify: (request: Request) => Caller | null | Promise<Caller | null>,
): Callers {
  const identities = new Map<string, Identity>()
  return {
    access: {
      identify: async (secret) => identities.get(secret) ?? null,
      // The application decides at the beginning of a stream.
      renew: async (identity) => identity,
    },
    async authenticate(request, headers, send) {
      const caller = await identify(request)
      headers.delete('authorization')
      if (!caller) return send()
      const secret = randomUUID()
      headers.set('authorization', `Bearer ${secret}`)
      identities.set(secret, toIdentity(caller))
      try {
        return await send()
      } finally {
        identities.delete(secret)
      }
    },
  }
}

const toIdentity = ({ name, sender, scopes = ['read', 'write'] }: Caller): Identity => ({
  ...{ name, key: `caller ${name}`, scopes, account: null, digest: '' },
  ...(sender !== undefined && { sender }),
})
