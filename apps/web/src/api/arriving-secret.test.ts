import { afterEach, expect, it, vi } from 'vitest'
import { secretOf, watchArrivals } from './arriving-secret.js'

const END = 'a'.repeat(43)

afterEach(() => {
  vi.unstubAllGlobals()
})

it.each([
  [`#gitmsgs_${END}`, 'session'],
  [`gitmsgj_${END}`, 'join'],
  [` https://chat.example.org/forum/#gitmsgr_${END}\n`, 'reset'],
  [`#gitmsgi_${END}`, 'identity'],
])('secretOf() finds the secret of %j, which is for: %s', (text, kind) => {
  expect(secretOf(text)).toEqual({ kind, secret: text.trim().replace(/^.*#/, '') })
})

it.each(['', '#messages', '#topic=a', `#gitmsgs_${END}a`, `#gitmsg_${END}`, `#x#gitmsgj_${END}`])(
  'secretOf() finds none in: %j',
  (text) => expect(secretOf(text)).toBeNull(),
)

it('watchArrivals() takes secrets out of the address, also of a link that is opened later, and nothing else', () => {
  const replaceState = vi.fn()
  const window = new EventTarget()
  const arrivals: string[] = []
  vi.stubGlobal('history', { replaceState })
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('location', { hash: `#gitmsgs_${END}`, pathname: '/chat/', search: '?topic=a' })
  watchArrivals(({ kind }) => arrivals.push(kind))
  for (const hash of ['#messages', `#gitmsgj_${END}`]) {
    vi.stubGlobal('location', { hash, pathname: '/', search: '' })
    window.dispatchEvent(new Event('hashchange'))
  }
  expect(arrivals).toEqual(['session', 'join'])
  expect(replaceState.mock.calls).toEqual([
    [null, '', '/chat/?topic=a'],
    [null, '', '/'],
  ])
})
