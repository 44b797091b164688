import type {
  Account,
  CreatedToken,
  HeldPost,
  Link,
  OwnAccount,
  PostedMessage,
  Report,
  Role,
  Scope,
  Session,
  SignInWays,
  Token,
} from './api-types.js'
import type { Purpose } from './exchange.js'
import { createSendRequest, type OnExchange } from './send-request.js'

/** What proves a person who joins, or chooses a new password. */
interface Credential {
  readonly password?: string
  /** What signing in at the identity provider ended with, instead of a password. */
  readonly identity?: string
}

/** The endpoints of accounts. No method rejects; each resolves with an `ApiResult`. */
export type AccountClient = ReturnType<typeof createAccountClient>

/** Creates a client for the accounts of the server that serves the page at `base`. */
export function createAccountClient(base: string, onExchange: OnExchange) {
  const request = createSendRequest(base, onExchange)
  const get = <Value>(path: string, purpose: Purpose) => request<Value>({ method: 'GET', path, purpose })
  const post = <Value>(path: string, body?: object) =>
    request<Value>({ method: 'POST', path, purpose: 'action', ...(body && { body }) })
  const remove = (path: string) => request<null>({ method: 'DELETE', path, purpose: 'action' })

  return {
    /** 404 if the server has no accounts. */
    ways: () => get<SignInWays>('auth', 'polling'),
    account: () => get<OwnAccount>('account', 'polling'),
    signIn: (handle: string, password: string) => post<Session>('session', { handle, password }),
    signOut: () => remove('session'),
    join: (body: Credential & { handle: string; link?: string }) => post<Session>('join', body),
    reset: (body: Credential & { link: string }) => post<Session>('reset', body),
    changePassword: (current_password: string, new_password: string) =>
      request<null>({
        method: 'PUT',
        path: 'account/password',
        body: { current_password, new_password },
        purpose: 'action',
      }),

    /** `search` of a list is the query with its question mark, or empty. */
    tokens: (search: string, purpose: Purpose) => get<Token[]>(`tokens${search}`, purpose),
    createToken: (token: { name: string; scopes: Scope[]; days: number }) =>
      post<CreatedToken>('tokens', token),
    revokeToken: (id: number) => remove(`tokens/${id}`),

    held: (search: string, purpose: Purpose) => get<HeldPost[]>(`moderation${search}`, purpose),
    approve: (id: number) => post<PostedMessage>(`moderation/${id}/approve`),
    reject: (id: number) => post<null>(`moderation/${id}/reject`),
    /** An empty reason is none. */
    report: (id: number, reason: string) =>
      post<Report>(`messages/${id}/report`, reason === '' ? {} : { reason }),
    reports: (search: string, purpose: Purpose) => get<Report[]>(`reports${search}`, purpose),
    closeReport: (id: number) => post<null>(`reports/${id}/close`),

    accounts: (search: string, purpose: Purpose) => get<Account[]>(`accounts${search}`, purpose),
    changeAccount: (handle: string, changes: { role?: Role; disabled?: boolean }) =>
      request<Account>({ method: 'PATCH', path: `accounts/${handle}`, body: changes, purpose: 'action' }),
    createReset: (handle: string) => post<Link>(`accounts/${handle}/reset`),
    invite: (invitation: { role: Role; uses: number; days: number }) => post<Link>('invitations', invitation),
  }
}
