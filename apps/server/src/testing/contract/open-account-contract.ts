import { AccountsError, type AccountsErrorCode } from '@gitmsg/accounts'
import { openFakeProvider } from '@gitmsg/test-provider'
import { OPERATIONS } from '../../http/openapi/endpoints.js'
import { openBrowser } from '../oidc/open-browser.js'
import { openTokensFile } from '../open-tokens-file.js'
import { openAccountServer, PASSWORD } from '../servers/open-account-server.js'

/** A request for an endpoint. */
export interface Sent {
  /** What fills the path. */
  readonly key?: string | number
  readonly body?: unknown
  readonly query?: string
  /** Default: that of an admin. */
  readonly token?: string | null
  readonly headers?: Record<string, string>
}

export const NEW_PASSWORD = { current_password: PASSWORD, new_password: 'staple of another horse' }

const HOUR_MS = 3_600_000

type Server = Awaited<ReturnType<typeof openAccountServer>>

/** A server with accounts, requests for all of their endpoints, and a way to let the accounts fail. */
export async function openAccountContract() {
  const file = await openTokensFile()
  // Every request has an address of its own, so that the limits of peers do not matter.
  const provider = await openFakeProvider()
  let passedMs = 0
  const server = await openAccountServer({
    tokens: file.tokens,
    trustedProxies: ['127.0.0.1'],
    accountsConfig: { hold: 'newcomers', oidc: provider.config },
    monotonic: () => performance.now() + passedMs,
  })
  const tokens = {
    admin: await server.addPerson('ada', 'admin'),
    member: await server.addPerson('bob'),
    service: await server.addService('bot'),
    // Its scopes are all beyond the role.
    none: await server.addToken('bob', ['admin']),
    file: file.add(['read', 'write']),
  }
  await server.addPerson('rita')
  for (let count = 0; count < 2; count += 1) await server.engine.post({ content: `${count}`, sender: 'zoe' })
  await server.engine.remove(2)
  const { failWith } = makeFragile(server)
  let number = 0

  function send(endpoint: string, { key = 1, body, query = '', token = tokens.admin, headers }: Sent) {
    const [method = '', path = ''] = endpoint.split(' ')
    const { body: schema } = OPERATIONS[endpoint as keyof typeof OPERATIONS] ?? {}
    const text = body instanceof Buffer || typeof body === 'string' ? body : JSON.stringify(body)
    number += 1
    return server.request(`${path.replace(/:\w+/, String(key))}${query}`, {
      method,
      headers: {
        'x-forwarded-for': `192.0.2.1, 203.0.${Math.floor(number / 250)}.${number % 250}`,
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(schema && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(schema && { body: text ?? '{}' }),
    })
  }

  return {
    server,
    tokens,
    send,
    failWith,
    addFileToken: file.add,
    /** Lets the provider fail or not, and what the server knows about it grow old. */
    failProvider(isFailing: boolean) {
      provider.behavior.status = isFailing ? 500 : null
      passedMs += HOUR_MS
    },
    ...createRequests(server, tokens),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await file[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
    },
  }
}

/** Lets everything that requests do to accounts fail with a code, but for recognizing their tokens. */
function makeFragile({ accounts, health }: Server) {
  let failure: AccountsErrorCode | null = null
  const { tokens, links, held, reports, audit } = accounts
  for (const group of [accounts, tokens, links, held, reports, audit]) {
    for (const [name, member] of Object.entries(group)) {
      const isKept = ['authenticate', 'renew'].includes(name) || (group === accounts && name === 'close')
      if (typeof member !== 'function' || isKept) continue
      const fragile = (...given: unknown[]) =>
        failure ? Promise.reject(new AccountsError(failure, 'SECRET')) : member(...given)
      Object.assign(group, { [name]: fragile })
    }
  }
  return {
    failWith(code: AccountsErrorCode | null) {
      failure = code
      // Accounts are closed after a shutdown only.
      health.draining = code === 'closed'
    },
  }
}

function createRequests({ accounts, addPerson, request }: Server, tokens: Record<'member', string>) {
  let number = 0
  const actor = 'setup'
  /** A handle that no account has yet. */
  const newHandle = () => {
    number += 1
    return `person-${number}`
  }
  const links = {
    join: async () => (await accounts.links.invite({ actor })).secret,
    reset: async () => (await accounts.links.createReset('rita', { actor })).secret,
  }
  async function hold(post: object = { content: newHandle(), sender: 'bob' }): Promise<number> {
    const draft = { handle: 'bob', post: JSON.stringify(post), uid: crypto.randomUUID(), reason: 'newcomer' }
    return (await accounts.held.hold(draft)).id
  }
  /** Comes back from the provider: the query and the cookie of a callback. */
  async function comeBack(): Promise<Sent> {
    const browser = openBrowser(request)
    const path = await browser.leave()
    const [cookie = []] = browser.cookies
    return { token: null, query: path.slice(path.indexOf('?')), headers: { cookie: cookie.join('=') } }
  }
  const newPerson = () => addPerson(newHandle())

  /** How each endpoint succeeds. */
  const successes: Record<string, () => Sent | Promise<Sent>> = {
    'GET /auth': () => ({ token: null }),
    'POST /session': () => ({ token: null, body: { handle: 'bob', password: PASSWORD } }),
    'DELETE /session': async () => ({ token: await newPerson() }),
    'GET /account': () => ({ token: tokens.member }),
    'PUT /account/password': async () => ({ token: await newPerson(), body: NEW_PASSWORD }),
    'POST /join': async () => ({
      token: null,
      body: { link: await links.join(), handle: newHandle(), password: PASSWORD },
    }),
    'POST /reset': async () => ({ token: null, body: { link: await links.reset(), password: PASSWORD } }),
    'GET /auth/oidc': () => ({ token: null }),
    'GET /auth/oidc/callback': comeBack,
    'POST /invitations': () => ({ body: { uses: 2 } }),
    'GET /accounts': () => ({ query: '?limit=1' }),
    'POST /accounts': () => ({ body: { handle: newHandle() } }),
    'PATCH /accounts/:handle': () => ({ key: 'bob', body: { role: 'member' } }),
    'POST /accounts/:handle/reset': () => ({ key: 'bob' }),
    'GET /tokens': () => ({ query: '?limit=1&account=bob' }),
    'POST /tokens': () => ({ body: { name: 'a', scopes: ['read'] } }),
    'DELETE /tokens/:id': async () => {
      const token = { handle: 'bob', name: 'a', scopes: ['read'], days: 1, actor } as const
      return { key: (await accounts.tokens.create(token)).id }
    },
    'GET /audit': () => ({ query: '?limit=1' }),
    'GET /moderation': async () => ({ query: `?after=${(await hold()) - 1}` }),
    'POST /moderation/:id/approve': async () => ({ key: await hold() }),
    'POST /moderation/:id/reject': async () => ({ key: await hold() }),
    'POST /messages/:key/report': () => ({ token: tokens.member, body: { reason: 'Spam' } }),
    'GET /reports': () => ({}),
    'POST /reports/:id/close': async () => {
      const { handle } = await accounts.create({ handle: newHandle(), actor })
      return { key: (await accounts.reports.add({ handle, subject: 'uid' })).id }
    },
  }
  return {
    newHandle,
    links,
    hold,
    newPerson,
    success: async (endpoint: string) => successes[endpoint]?.() ?? {},
  }
}
