import { afterEach, expect, it, vi } from 'vitest'
import { accessToken, useAccessToken } from '../../api/access-token.js'
import type { Exchange } from '../../api/exchange.js'
import { openFakePage } from '../../testing/fake-page.js'
import { createTokenForm } from './token-form.js'

const exchangeWith = (status: number | null): Exchange => ({
  request: { method: 'GET', url: 'http://localhost/', target: '/', headers: [], body: null },
  response: status === null ? null : { status, statusText: '', headers: [], body: '' },
  problem: null,
  durationMs: 1,
})

afterEach(() => {
  useAccessToken('')
})

it('appears after a 401 response, and disappears after any other', () => {
  const form = openFakePage().element('token-form')
  form.hidden = true
  const { update } = createTokenForm(() => {})
  update(exchangeWith(null))
  expect(form.hidden).toBe(true)
  update(exchangeWith(401))
  expect(form.hidden).toBe(false)
  update(exchangeWith(200))
  expect(form.hidden).toBe(true)
})

it('open() shows the form', () => {
  const form = openFakePage().element('token-form')
  form.hidden = true
  createTokenForm(() => {}).open()
  expect(form.hidden).toBe(false)
})

it('uses the submitted token and empties its field', () => {
  const { element } = openFakePage()
  const onToken = vi.fn()
  createTokenForm(onToken)
  element('access-token').value = ' secret '
  const submit = new Event('submit', { cancelable: true })
  element('token-form').dispatchEvent(submit)
  expect(submit.defaultPrevented).toBe(true)
  expect(accessToken()).toBe('secret')
  expect(element('access-token').value).toBe('')
  expect(onToken).toHaveBeenCalled()
})
