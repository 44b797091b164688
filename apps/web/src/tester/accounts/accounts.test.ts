import { afterEach, expect, it, vi } from 'vitest'
import { accessToken, hasSession, useAccessToken } from '../../api/access-token.js'
import type { AccountClient } from '../../api/account-client.js'
import type { Account } from '../../api/api-types.js'
import type { Exchange } from '../../api/exchange.js'
import { openFakePage } from '../../testing/fake-page.js'
import { httpError, success } from '../../testing/row-context.js'
import { startAccounts } from './accounts.js'

const SESSION = `gitmsgs_${'a'.repeat(43)}`
const ADA: Account = {
  ...{ handle: 'ada', kind: 'person', role: 'moderator', disabled: false },
  created_at: '2025-01-09T00:06:41.000Z',
}

afterEach(() => {
  useAccessToken('')
})

const open = (client: Partial<AccountClient>) => {
  const { element } = openFakePage()
  for (const id of ['accounts', 'sign-in-form', 'arrival-form', 'account']) element(id).hidden = true
  Object.assign(element('arrival-form'), { querySelectorAll: () => [] })
  const tokenForm = { open: vi.fn(), update: vi.fn(), focus: vi.fn(), close: vi.fn() }
  const calls = { onAccount: vi.fn(), onSession: vi.fn(), onPublished: vi.fn() }
  const accounts = startAccounts({ client: client as AccountClient, announce: () => {}, tokenForm, ...calls })
  return { element, accounts, tokenForm, ...calls }
}

const exchangeWith = (status: number, code = ''): Exchange => ({
  request: { method: 'GET', url: 'http://localhost/', target: '/', headers: [], body: null },
  response: { status, statusText: '', headers: [], body: JSON.stringify({ error: { code } }) },
  problem: null,
  durationMs: 1,
})

const WAYS = { ways: async () => success({ oidc: true, registration: false }) }

it('asks for a token, and shows nothing of accounts, if the server has none', async () => {
  const { element, accounts, tokenForm } = open({ ways: async () => httpError(404, 'not_found') })
  accounts.update(exchangeWith(401, 'missing_token'))
  await vi.waitFor(() => expect(tokenForm.open).toHaveBeenCalled())
  expect(element('accounts').hidden).toBe(true)
  accounts.update(exchangeWith(200))
  expect(tokenForm.update).toHaveBeenCalledOnce()
})

it('sends nothing about accounts as long as no response is 401', () => {
  const ways = vi.fn()
  const account = vi.fn()
  const { accounts } = open({ ways, account })
  accounts.update(exchangeWith(200))
  accounts.update(exchangeWith(404))
  expect([ways.mock.calls, account.mock.calls]).toEqual([[], []])
})

it('shows what there is to sign in with, and that a session has ended', async () => {
  useAccessToken(SESSION)
  const { element, accounts, onAccount, tokenForm } = open(WAYS)
  accounts.update(exchangeWith(401, 'invalid_token'))
  accounts.update(exchangeWith(401, 'invalid_token'))
  await vi.waitFor(() => expect(element('sign-in-form').hidden).toBe(false))
  accounts.update(exchangeWith(401, 'missing_token'))
  expect(element('sign-in-notice').textContent).toContain('Your session has ended')
  expect(element('provider-link').hidden).toBe(false)
  expect(element('register').hidden).toBe(true)
  expect([hasSession(), onAccount.mock.lastCall]).toEqual([false, [null]])
  expect(tokenForm.open).not.toHaveBeenCalled()
})

it('keeps the session if only the password was wrong', () => {
  useAccessToken(SESSION)
  const ways = vi.fn()
  open({ ways }).accounts.update(exchangeWith(401, 'invalid_credentials'))
  expect([hasSession(), ways.mock.calls]).toEqual([true, []])
})

it('shows the account of a session that arrives, with what its role may do', async () => {
  const { element, accounts, onSession, onAccount } = open({
    account: async () => success({ ...ADA, scopes: ['read', 'write', 'moderate'] }),
  })
  accounts.arrive({ kind: 'session', secret: SESSION })
  expect([hasSession(), onSession.mock.calls]).toEqual([true, [[]]])
  accounts.update(exchangeWith(200))
  await vi.waitFor(() => expect(element('account').hidden).toBe(false))
  expect(onAccount).toHaveBeenCalledWith('ada')
  const isHidden = ['own-account', 'moderation', 'people'].map((id) => element(id).hidden)
  expect(isHidden).toEqual([false, false, true])
})

it.each([
  ['join', 'Join', [true, false, false]],
  ['reset', 'Choose a new password', [true, true, false]],
  ['identity', 'Join', [false, false, true]],
] as const)('asks for what is missing beside a secret of kind: %s', (kind, heading, isHidden) => {
  const { element, accounts } = open({})
  const letter = { join: 'j', reset: 'r', identity: 'i' }[kind]
  accounts.arrive({ kind, secret: `gitmsg${letter}_${'a'.repeat(43)}` })
  expect(element('arrival-heading').textContent).toBe(heading)
  const fields = ['arrival-link-field', 'arrival-handle-field', 'arrival-password-field']
  expect(fields.map((id) => element(id).hidden)).toEqual(isHidden)
})

it('joins without a link where registration is open', async () => {
  const join = vi.fn(async () => httpError(409, 'handle_taken'))
  const { element, accounts } = open({ ways: async () => success({ oidc: false, registration: true }), join })
  accounts.update(exchangeWith(401, 'missing_token'))
  await vi.waitFor(() => expect(element('register').hidden).toBe(false))
  element('register').click()
  expect([element('sign-in-form').hidden, element('arrival-link-field').hidden]).toEqual([true, true])
  element('arrival-handle').value = ' bob '
  element('arrival-password').value = 'correct horse battery'
  element('arrival-form').dispatchEvent(new Event('submit', { cancelable: true }))
  await vi.waitFor(() => expect(element('arrival-form').part('problem').textContent).toBe('handle_taken.'))
  expect(join.mock.calls).toEqual([[{ handle: 'bob', password: 'correct horse battery' }]])
})

it('shows the account of an access token, with what its scopes allow, until it is forgotten', async () => {
  const account = async () => success({ ...ADA, scopes: ['read', 'moderate'] as const })
  const { element, accounts, tokenForm, onAccount } = open({ ...WAYS, account } as never)
  accounts.update(exchangeWith(401, 'missing_token'))
  await vi.waitFor(() => expect(element('sign-in-form').hidden).toBe(false))
  element('use-token').click()
  expect([tokenForm.open.mock.calls.length, tokenForm.focus.mock.calls.length]).toEqual([1, 1])
  useAccessToken('gitmsg_token')
  accounts.update(exchangeWith(200))
  await vi.waitFor(() => expect(element('account').hidden).toBe(false))
  expect(element('account-role').textContent).toBe('moderator, with an access token')
  const isHidden = ['sign-in-form', 'own-account', 'moderation', 'people'].map((id) => element(id).hidden)
  expect(isHidden).toEqual([true, true, false, true])
  expect([accounts.isSignedIn(), onAccount.mock.lastCall]).toEqual([true, ['ada']])
  element('sign-out').click()
  await vi.waitFor(() => expect(element('sign-in-form').hidden).toBe(false))
  expect([accessToken(), accounts.isSignedIn()]).toEqual(['', false])
})

it('shows that a token has no account, and that one is not valid', async () => {
  const { element, accounts, onAccount } = open({
    ...WAYS,
    account: async () => httpError(403, 'account_required'),
  })
  useAccessToken('gitmsg_file')
  accounts.update(exchangeWith(200))
  await vi.waitFor(() => expect(element('account').hidden).toBe(false))
  expect(element('account-role').textContent).toBe('without an account')
  expect([accounts.isSignedIn(), onAccount.mock.calls]).toEqual([false, []])
  accounts.update(exchangeWith(401, 'invalid_token'))
  await vi.waitFor(() => expect(element('sign-in-form').hidden).toBe(false))
  expect(element('sign-in-notice').textContent).toBe('The access token is not valid.')
})

it('does not ask for an account where the server has none', async () => {
  useAccessToken('gitmsg_token')
  const account = vi.fn()
  const { accounts, tokenForm } = open({ ways: async () => httpError(404, 'not_found'), account })
  accounts.update(exchangeWith(200))
  await vi.waitFor(() => {
    accounts.update(exchangeWith(200))
    expect(tokenForm.update).toHaveBeenCalled()
  })
  expect(account).not.toHaveBeenCalled()
})
