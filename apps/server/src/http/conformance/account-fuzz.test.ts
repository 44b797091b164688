import { openFakeProvider } from '@gitmsg/test-provider'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { startFlow } from '../../oidc/flow.js'
import {
  bytesOf,
  expectValidResponse,
  query,
  segment,
  text,
  value,
  visible,
} from '../../testing/contract/arbitrary-requests.js'
import { openAccountServer } from '../../testing/servers/open-account-server.js'
import { OPERATIONS_OF_ACCOUNTS } from '../openapi/accounts/account-operations.js'

/** The number of requests; more before a release. */
const RUNS = Math.ceil(Number(process.env.GITMSG_FUZZ_RUNS ?? 2_000) / 4)
const TIMEOUT = 30_000 + RUNS * 40

/** Codes that only requests about accounts provoke. */
const OF_ACCOUNTS = `
  sign_in_ended sign_in_failed provider_unavailable
  duplicate_message handle_taken identity_taken invalid_credentials invalid_link last_admin limit_reached
  rate_limited sender_not_allowed sender_reserved weak_password missing_token invalid_token`
  .trim()
  .split(/\s+/)
const accountKey = fc.oneof(
  fc.constantFrom(
    ...['handle', 'password', 'link', 'identity', 'current_password', 'new_password', 'role', 'uses', 'days'],
    ...['kind', 'disabled', 'name', 'scopes', 'account', 'sender', 'reason', 'content', '__proto__'],
  ),
  text,
)
const accountValue = fc.oneof(
  value,
  fc.constantFrom<unknown[]>(
    'ada',
    'bob',
    'admin',
    'member',
    'person',
    'service',
    'irc/*',
    1,
    0,
    -1,
    1.5,
    1e9,
  ),
  fc.constantFrom<unknown[]>(true, false, null, [], ['read'], ['root'], 'correct horse battery', 'gitmsgj_x'),
)
const accountRequest = fc.record({
  endpoint: fc.constantFrom(...Object.keys(OPERATIONS_OF_ACCOUNTS), 'POST /messages'),
  id: fc.oneof(fc.constantFrom('1', '2', 'bob', 'ada', '0', '..', '%00', '%ff'), segment),
  body: bytesOf(
    fc.dictionary(accountKey, accountValue, { maxKeys: 5 }).map((fields) => JSON.stringify(fields)),
  ),
  query: fc.oneof(fc.constant(''), query),
  token: fc.constantFrom('admin', 'admin', 'admin', 'none', 'wrong'),
})

it('the server with accounts responds correctly to random requests', { timeout: TIMEOUT }, async () => {
  await using provider = await openFakeProvider()
  const accountsConfig = { oidc: provider.config }
  await using server = await openAccountServer({ trustedProxies: ['127.0.0.1'], accountsConfig })
  const admin = await server.addPerson('ada', 'admin')
  await server.addPerson('bob')
  let peer = 0
  const statuses = new Set<number>()
  await fc.assert(
    fc.asyncProperty(accountRequest, async ({ endpoint, id, body, query, token }) => {
      const [method = '', path = ''] = endpoint.split(' ')
      // The session and the rights that the other requests need.
      const isEnd =
        endpoint === 'DELETE /session' || endpoint.startsWith('PATCH') || endpoint.startsWith('DELETE')
      peer += 1
      const response = await server.request(`${path.replace(/:\w+/, id)}${query ? `?${query}` : ''}`, {
        method,
        ...(/^P/.test(method) && { body }),
        headers: {
          'content-type': 'application/json',
          'x-forwarded-for': `203.0.${Math.floor(peer / 250)}.${peer % 250}`,
          ...(token === 'admin' && !isEnd && { authorization: `Bearer ${admin}` }),
          ...(token === 'wrong' && { authorization: 'Bearer wrong' }),
        },
      })
      statuses.add(response.status)
      expectValidResponse(response, OF_ACCOUNTS)
    }),
    { numRuns: RUNS },
  )
  expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 401, 404, 422]))
})

const callback = fc.record({
  isOwn: fc.boolean(),
  cookie: visible,
  parameters: fc.array(
    fc.tuple(
      fc.constantFrom('code', 'iss', 'error', 'error_description', 'response', 'scope', 'session_state'),
      fc.oneof(
        visible,
        text.filter((value) => value.isWellFormed()),
      ),
    ),
    { maxLength: 4 },
  ),
})

it('the callback of a sign-in responds correctly to random requests', { timeout: TIMEOUT }, async () => {
  await using provider = await openFakeProvider()
  const accountsConfig = { oidc: provider.config }
  await using server = await openAccountServer({ trustedProxies: ['127.0.0.1'], accountsConfig })
  let peer = 0
  const codes = new Set<string>()
  await fc.assert(
    fc.asyncProperty(callback, async ({ isOwn, cookie, parameters }) => {
      const { secret, flow } = startFlow(Date.now())
      const query = new URLSearchParams([...parameters, ['state', flow.state]])
      peer += 1
      const response = await server.request(`/auth/oidc/callback?${query}`, {
        headers: {
          cookie: `gitmsg-sign-in=${isOwn ? secret : cookie}`,
          'x-forwarded-for': `203.0.${Math.floor(peer / 250)}.${peer % 250}`,
        },
      })
      codes.add(response.json.error.code)
      expectValidResponse(response, OF_ACCOUNTS)
    }),
    { numRuns: Math.ceil(RUNS / 4) },
  )
  expect([...codes]).toEqual(expect.arrayContaining(['sign_in_ended', 'sign_in_failed']))
})
