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

it('takes the session that a sign-in ended with out of the fragment, and nothing else', async () => {
  const replaceState = vi.fn()
  vi.stubGlobal('sessionStorage', undefined)
  vi.stubGlobal('history', { replaceState })
  const { accessToken, useArrivingSession } = await load()
  const session = `gitmsgs_${'a'.repeat(43)}`
  for (const hash of ['', '#messages-section', `#gitmsgi_${'a'.repeat(43)}`, `#${session}a`]) {
    vi.stubGlobal('location', { hash, pathname: '/chat/', search: '?topic=a' })
    useArrivingSession()
    expect(accessToken()).toBe('')
  }
  vi.stubGlobal('location', { hash: `#${session}`, pathname: '/chat/', search: '?topic=a' })
  useArrivingSession()
  expect(accessToken()).toBe(session)
  expect(replaceState.mock.calls).toEqual([[null, '', '/chat/?topic=a']])
})
