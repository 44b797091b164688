import type { AccountKind, Role, Scope } from '@gitmsg/accounts'
import { openTemporaryAccounts } from '@gitmsg/accounts/testing'
import { openTestServer, type RequestOptions, type TestServerOptions } from './open-test-server.js'

export const PASSWORD = 'correct horse battery'

/** What a test can change about a server with accounts. */
export type AccountServerOptions = TestServerOptions & { readonly clock?: () => number }

/** A server with accounts, and what tests do with it: `as` sends requests with a token. */
export async function openAccountServer({ clock, ...options }: AccountServerOptions = {}) {
  const accounts = options.accounts ?? (await openTemporaryAccounts({ clock }))
  const server = await openTestServer({ ...options, accounts })

  /** Creates a person, and resolves with the token of a session. */
  async function addPerson(handle: string, role: Role = 'member'): Promise<string> {
    await accounts.create({ handle, role, actor: 'setup' })
    const { secret } = await accounts.links.createReset(handle, { actor: 'setup' })
    return (await accounts.reset({ link: secret, password: PASSWORD })).token
  }

  /** Creates an access token. */
  async function addToken(handle: string, scopes: readonly Scope[], sender?: string): Promise<string> {
    const token = { handle, name: 'token', scopes, days: 1, actor: 'setup' }
    return (await accounts.tokens.create({ ...token, ...(sender !== undefined && { sender }) })).token
  }

  /** Creates a service, and resolves with a token of it. */
  async function addService(handle: string, { role, sender }: { role?: Role; sender?: string } = {}) {
    const kind: AccountKind = 'service'
    await accounts.create({ handle, kind, role, actor: 'setup' })
    return addToken(handle, ['read', 'write'], sender)
  }

  /** Sends requests with a token; `null`: without one. */
  function as(token: string | null) {
    const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
    return {
      get: (path: string, options: RequestOptions = {}) =>
        server.request(path, { ...options, headers: { ...authorization, ...options.headers } }),
      send: (method: string, path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
        server.send(method, path, body, { ...authorization, ...headers }),
      delete: (path: string) => server.request(path, { method: 'DELETE', headers: authorization }),
      post: (body: unknown, headers: Record<string, string> = {}) =>
        server.post(body, { ...authorization, ...headers }),
    }
  }

  return { ...server, accounts, addPerson, addToken, addService, as }
}

/** The status and the error code of a response. */
export const outcomeOf = ({ status, json }: { status: number; json: { error?: { code: string } } }) =>
  json?.error ? `${status} ${json.error.code}` : String(status)
