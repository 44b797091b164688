import type {
  AccountChanges,
  AccountQuery,
  Joining,
  ModerationQuery,
  NewAccount,
  NewInvitation,
  NewReport,
  NewToken,
  PasswordChange,
  PasswordReset,
  SignIn,
  TokenQuery,
} from './account-inputs.js'
import type {
  Account,
  AuditEntry,
  CreatedToken,
  HeldPost,
  Link,
  OwnAccount,
  Report,
  Session,
  SignInWays,
  Token,
} from './account-types.js'
import type { PageQuery } from './inputs.js'
import { type Pages, readPages } from './page.js'
import { type ApiRequest, type CallOptions, type Send, toPath } from './request.js'
import type { PostedMessage } from './types.js'

/** The calls about accounts. A server without accounts responds to each with 404. */
export interface AccountCalls {
  /** What there is to sign in with, beside a password. */
  signInWays(options?: CallOptions): Promise<SignInWays>
  /** Signs in with a password. */
  signIn(credentials: SignIn, options?: CallOptions): Promise<Session>
  /** Ends the session of this client. */
  signOut(options?: CallOptions): Promise<void>
  /** The account of this client. */
  account(options?: CallOptions): Promise<OwnAccount>
  /** Changes the own password, and ends all other sessions. */
  changePassword(change: PasswordChange, options?: CallOptions): Promise<void>
  /** Makes an account with an invitation, and signs in. */
  join(joining: Joining, options?: CallOptions): Promise<Session>
  /** Chooses a new password with a link, and signs in. */
  resetPassword(reset: PasswordReset, options?: CallOptions): Promise<Session>
  /** Creates an invitation. */
  invite(invitation?: NewInvitation, options?: CallOptions): Promise<Link>
  /** Accounts by handle. */
  accounts(query?: AccountQuery, options?: CallOptions): Pages<Account>
  /** Creates an account, which has no password yet. */
  createAccount(account: NewAccount, options?: CallOptions): Promise<Account>
  /** Gives an account another role, disables or enables it. */
  changeAccount(handle: string, changes: AccountChanges, options?: CallOptions): Promise<Account>
  /** Creates a link with which a person chooses a new password. */
  createReset(handle: string, options?: CallOptions): Promise<Link>
  /** Tokens and sessions, newest first. */
  tokens(query?: TokenQuery, options?: CallOptions): Pages<Token>
  /** Creates an access token. */
  createToken(token: NewToken, options?: CallOptions): Promise<CreatedToken>
  /** Revokes a token, or ends a session. */
  revokeToken(id: number, options?: CallOptions): Promise<void>
  /** What people with rights did, newest first. */
  audit(query?: PageQuery, options?: CallOptions): Pages<AuditEntry>
  /** Posts that wait for a moderator, oldest first. */
  held(query?: ModerationQuery, options?: CallOptions): Pages<HeldPost>
  /** Publishes a held post. */
  approve(heldId: number, options?: CallOptions): Promise<PostedMessage>
  /** Discards a held post. */
  reject(heldId: number, options?: CallOptions): Promise<void>
  /** Reports a message to the moderators. */
  report(key: number | string, report?: NewReport, options?: CallOptions): Promise<Report>
  /** Reports, oldest first. */
  reports(query?: ModerationQuery, options?: CallOptions): Pages<Report>
  /** Closes a report. */
  closeReport(reportId: number, options?: CallOptions): Promise<void>
}

/** What calls are made with. */
interface Caller {
  readonly send: Send
  /** Sends a request whose response is a JSON object. */
  call<Result>(request: ApiRequest): Promise<Result>
  urlOf(path: string, query?: object): URL
}

export function createAccountCalls({ send, call, urlOf }: Caller): AccountCalls {
  const read = <Result>(path: string, options: CallOptions = {}) =>
    call<Result>({ method: 'GET', url: urlOf(path), options, isRepeatable: true })
  const write = <Result>(path: string, body: unknown, options: CallOptions = {}) =>
    call<Result>({ method: 'POST', url: urlOf(path), body, options })
  const list = <Item>(path: string, query?: object, options?: CallOptions) =>
    readPages<Item>(send, () => urlOf(path, query), options)

  async function act(request: Omit<ApiRequest, 'options'> & { options?: CallOptions | undefined }) {
    await send({ ...request, options: request.options ?? {} })
  }

  return {
    signInWays: (options) => read('auth', options),
    signIn: (credentials, options) => write('session', credentials, options),
    signOut: (options) => act({ method: 'DELETE', url: urlOf('session'), options }),
    account: (options) => read('account', options),
    changePassword: (change, options) =>
      act({ method: 'PUT', url: urlOf('account/password'), body: change, options }),
    join: (joining, options) => write('join', joining, options),
    resetPassword: (reset, options) => write('reset', reset, options),
    invite: (invitation = {}, options) => write('invitations', invitation, options),
    accounts: (query, options) => list('accounts', query, options),
    createAccount: (account, options) => write('accounts', account, options),
    changeAccount: async (handle, changes, options = {}) =>
      call({
        method: 'PATCH',
        url: urlOf(toPath('accounts', handle)),
        body: changes,
        options,
        isRepeatable: true,
      }),
    createReset: async (handle, options) => write(toPath('accounts', handle, 'reset'), undefined, options),
    tokens: (query, options) => list('tokens', query, options),
    createToken: (token, options) => write('tokens', token, options),
    revokeToken: async (id, options) =>
      act({ method: 'DELETE', url: urlOf(toPath('tokens', id)), options, isRepeatable: true }),
    audit: (query, options) => list('audit', query, options),
    held: (query, options) => list('moderation', query, options),
    approve: async (heldId, options) => write(toPath('moderation', heldId, 'approve'), undefined, options),
    reject: async (heldId, options) =>
      act({ method: 'POST', url: urlOf(toPath('moderation', heldId, 'reject')), options }),
    report: async (key, report = {}, options) => write(toPath('messages', key, 'report'), report, options),
    reports: (query, options) => list('reports', query, options),
    closeReport: async (reportId, options) =>
      act({ method: 'POST', url: urlOf(toPath('reports', reportId, 'close')), options }),
  }
}
