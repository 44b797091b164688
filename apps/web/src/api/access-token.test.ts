import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const load = () => import('./access-token.js')

beforeEach(() => {
  vi.resetModules()
})

afterEach(() => {
  vi.unstubAllGlobals()
})

it('keeps the token for the session of the tab', async () => {
  const items = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => items.set(key, value),
  })
  const { accessToken, useAccessToken } = await load()
  expect(accessToken()).toBe('')
  useAccessToken('secret')
  expect(accessToken()).toBe('secret')

  vi.resetModules()
  expect((await load()).accessToken()).toBe('secret')
})

it('works without session storage, for as long as the page is open', async () => {
  vi.stubGlobal('sessionStorage', undefined)
  const { accessToken, useAccessToken } = await load()
  expect(accessToken()).toBe('')
  useAccessToken('secret')
  expect(accessToken()).toBe('secret')
})
