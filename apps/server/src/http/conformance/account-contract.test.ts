import type { AccountsErrorCode } from '@gitmsg/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDescribedResponses } from '../../testing/contract/described-responses.js'
import { NEW_PASSWORD, openAccountContract, type Sent } from '../../testing/contract/open-account-contract.js'
import { outcomeOf, PASSWORD } from '../../testing/servers/open-account-server.js'
import { HTTP_ERRORS } from '../error-table.js'
import { OPERATIONS_OF_ACCOUNTS } from '../openapi/accounts/account-operations.js'
import { buildDocument } from '../openapi/build-document.js'
import { COMMON_ERRORS, errorsOf } from '../openapi/error-responses.js'

const document = buildDocument()
const described = createDescribedResponses(document)
const endpoints = Object.entries(OPERATIONS_OF_ACCOUNTS)

let contract: Awaited<ReturnType<typeof openAccountContract>>
beforeAll(async () => {
  contract = await openAccountContract()
})
afterAll(() => contract[Symbol.asyncDispose]())

it.each(endpoints)(
  'the document describes the response to a valid request: %s',
  async (endpoint, { response }) => {
    const received = await contract.send(endpoint, await contract.success(endpoint))
    expect([received.status, received.text]).toEqual([response.status, expect.anything()])
    described.expect(endpoint, received)
  },
)

const joining = async (more: object) => ({
  token: null,
  body: { link: await contract.links.join(), handle: contract.newHandle(), ...more },
})
const resetting = async (more: object) => ({
  token: null,
  body: { link: await contract.links.reset(), ...more },
})

/** How to provoke each error: by its code, or by its code and endpoint where that differs. */
const PROVOCATIONS: Record<string, (endpoint: string) => Sent | Promise<Sent>> = {
  duplicate_key: () => ({ body: '{"a":1,"a":2}' }),
  invalid_json: () => ({ body: '{' }),
  invalid_utf8: () => ({ body: Buffer.from([0xff]) }),
  body_too_large: () => ({ body: { a: 'a'.repeat(65 * 1024) } }),
  unsupported_charset: () => ({ headers: { 'content-type': 'application/json; charset=utf-16' } }),
  unsupported_encoding: () => ({ headers: { 'content-encoding': 'gzip' } }),
  unsupported_media_type: () => ({ headers: { 'content-type': 'text/plain' } }),
  invalid_body: () => ({ body: '[]' }),
  unknown_field: (endpoint) => change(endpoint, { more: 1 }),
  missing_field: async (endpoint) => ({ ...(await contract.success(endpoint)), body: '{}' }),
  'missing_field of POST /reset': () => resetting({}),
  invalid_type: (endpoint) =>
    change(endpoint, Object.fromEntries(fieldsOf(endpoint).map((name) => [name, { x: 1 }]))),
  empty: (endpoint) => change(endpoint, { name: '', reason: '' }),
  too_long: (endpoint) => change(endpoint, { name: 'a'.repeat(65), reason: 'a'.repeat(501) }),
  invalid_characters: (endpoint) => change(endpoint, { name: 'a\0', reason: 'a\0', handle: 'A b' }),
  invalid_value: (endpoint) => change(endpoint, { role: 'root', scopes: ['root'] }),
  'invalid_value of POST /join': () => joining({ password: PASSWORD, identity: 'x' }),
  'invalid_value of POST /reset': () => resetting({ password: PASSWORD, identity: 'x' }),
  'invalid_value of POST /accounts/:handle/reset': () => ({ key: 'bot' }),
  invalid_cursor: () => ({ query: '?before=x' }),
  'invalid_cursor of GET /accounts': () => ({ query: `?after=${'a'.repeat(33)}` }),
  'invalid_cursor of GET /moderation': () => ({ query: '?after=x' }),
  'invalid_cursor of GET /reports': () => ({ query: '?after=x' }),
  invalid_token: () => ({ token: 'gitmsg_unknown' }),
  missing_token: () => ({ token: null }),
  insufficient_scope: () => ({ token: contract.tokens.none }),
  account_required: async (endpoint) => ({
    ...(await contract.success(endpoint)),
    token: contract.tokens.file,
  }),
  session_required: async (endpoint) => ({
    ...(await contract.success(endpoint)),
    token: contract.tokens.service,
  }),
  invalid_credentials: () => ({ token: null, body: { handle: 'bob', password: 'wrong' } }),
  'invalid_credentials of PUT /account/password': async () => ({
    token: await contract.newPerson(),
    body: { ...NEW_PASSWORD, current_password: 'wrong' },
  }),
  weak_password: (endpoint) => withCredential(endpoint, { password: 'short' }),
  'weak_password of PUT /account/password': async () => ({
    token: await contract.newPerson(),
    body: { ...NEW_PASSWORD, new_password: 'short' },
  }),
  sign_in_ended: () => ({ token: null }),
  sign_in_failed: async (endpoint) => {
    const { query, ...sent } = await contract.success(endpoint)
    return { ...sent, query: query?.replace(/code=\w+/, 'code=other') ?? '' }
  },
  async provider_unavailable(endpoint) {
    const sent = await contract.success(endpoint)
    contract.failProvider(true)
    return sent
  },
  invalid_link: () => ({
    token: null,
    body: { link: 'x', handle: contract.newHandle(), password: PASSWORD },
  }),
  'invalid_link of POST /reset': () => ({ token: null, body: { link: 'x', password: PASSWORD } }),
  async identity_taken(endpoint) {
    const identity = { issuer: 'i', subject: 'taken' }
    const prove = async () => (await contract.server.accounts.links.proveIdentity(identity)).secret
    const isTaken = await contract.server.accounts.signInWithIdentity(identity)
    if (!isTaken)
      await contract.server.accounts.join({
        link: null,
        handle: contract.newHandle(),
        identity: await prove(),
      })
    return withCredential(endpoint, { identity: await prove() })
  },
  handle_taken: (endpoint) => change(endpoint, { handle: 'b0b' }),
  last_admin: () => ({ key: 'ada', body: { role: 'member' } }),
  not_found: async (endpoint) => ({ ...(await contract.success(endpoint)), key: 999_999 }),
  'not_found of POST /tokens': () => ({ body: { name: 'a', scopes: ['read'], account: 'absent' } }),
  deleted: () => ({ key: 2, token: contract.tokens.member }),
  invalid_reply_to: async () => ({
    key: await contract.hold({ content: contract.newHandle(), sender: 'bob', reply_to: 2 }),
  }),
}

const withCredential = (endpoint: string, credential: object): Promise<Sent> =>
  endpoint === 'POST /join' ? joining(credential) : resetting(credential)

/** A valid request with these fields replaced, as far as the endpoint has them. */
async function change(endpoint: string, fields: object): Promise<Sent> {
  const sent = await contract.success(endpoint)
  const known = [...fieldsOf(endpoint), 'more']
  const relevant = Object.entries(fields).filter(([name]) => known.includes(name))
  return { ...sent, body: { ...(sent.body as object), ...Object.fromEntries(relevant) } }
}

function fieldsOf(endpoint: string): string[] {
  const { body = '' } = OPERATIONS_OF_ACCOUNTS[endpoint as keyof typeof OPERATIONS_OF_ACCOUNTS] ?? {}
  return Object.keys(document.components.schemas[body]?.properties ?? {})
}

/** Failures of the accounts themselves, by the code of the response. */
const FAILURES: Record<string, AccountsErrorCode> = {
  storage_busy: 'busy',
  storage_corrupt: 'corrupt',
  storage_full: 'full',
  storage_unwritable: 'unwritable',
  shutting_down: 'closed',
  sign_in_busy: 'overloaded',
  limit_reached: 'too-many',
}
/** Of publishing: tests of the endpoints for messages provoke them. */
const OF_MESSAGES = ['backlog_full', 'format_too_old', 'storage_unavailable']

const errors = endpoints.flatMap(([endpoint, operation]) =>
  errorsOf(operation)
    .filter((code) => !COMMON_ERRORS.includes(code) && !OF_MESSAGES.includes(code))
    .map((code) => ({ endpoint, code, error: `${HTTP_ERRORS[code].status} ${code}` })),
)

describe('the errors of accounts in the document', () => {
  it.each(errors)('occur as described: $error of $endpoint', async ({ endpoint, code, error }) => {
    const provoke = PROVOCATIONS[`${code} of ${endpoint}`] ?? PROVOCATIONS[code]
    const sent = code in FAILURES ? await contract.success(endpoint) : await provoke?.(endpoint)
    contract.failWith(FAILURES[code] ?? null)
    const received = await contract.send(endpoint, sent ?? {}).finally(() => {
      contract.failWith(null)
      contract.failProvider(false)
    })
    expect(outcomeOf(received)).toBe(error)
    expect(received.text).not.toContain('SECRET')
    described.expect(endpoint, received)
  })
})
