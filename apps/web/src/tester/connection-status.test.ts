import { ClientError, type LiveStatus } from '@gitmsg/client'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openFakePage } from '../testing/fake-page.js'
import { createConnectionStatus } from './connection-status.js'

const FAILURE = new ClientError('unreachable', 'The live channel was closed.')

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})

afterEach(() => {
  vi.useRealTimers()
})

const openStatus = () => {
  const page = openFakePage()
  page.element('outage').hidden = true
  const announce = vi.fn()
  const onRetry = vi.fn()
  return { page, announce, onRetry, status: createConnectionStatus(announce, onRetry) }
}

it('shows an outage, counts down to the next attempt, and announces the outage once', () => {
  const { page, announce, status } = openStatus()
  status.showPoll('The server cannot be reached', new Date(4000))
  expect(page.element('connection').textContent).toBe('Disconnected')
  expect(page.element('outage').hidden).toBe(false)
  expect(page.element('outage-problem').textContent).toBe('The server cannot be reached.')
  expect(page.element('outage-retry').textContent).toBe('Retrying in 4 s.')
  vi.setSystemTime(4000)
  status.refresh()
  expect(page.element('outage-retry').textContent).toBe('Retrying…')
  status.showPoll('The server cannot be reached', new Date(8000))
  expect(announce.mock.calls).toEqual([['The server cannot be reached']])
})

it('hides the outage when the server responds, and moves the focus off its button', () => {
  const { page, announce, status } = openStatus()
  status.showPoll('The request timed out', new Date(4000))
  page.element('outage').append(page.element('retry-now'))
  page.document.activeElement = page.element('retry-now')
  status.showPoll(null, new Date(2000))
  expect(page.element('connection')).toMatchObject({ textContent: 'Polling', dataset: { state: 'polling' } })
  expect(page.element('outage').hidden).toBe(true)
  expect(page.element('main').focus).toHaveBeenCalled()
  expect(announce).toHaveBeenLastCalledWith('Connected again')
})

it.each<[LiveStatus['state'], ClientError | null, string | null, string]>([
  ['connecting', null, null, 'Connecting…'],
  ['live', null, null, 'Live'],
  ['live', null, 'The request timed out', 'Live'],
  ['waiting', FAILURE, null, 'Polling'],
  ['connecting', FAILURE, null, 'Polling'],
  ['waiting', FAILURE, 'The server cannot be reached', 'Disconnected'],
  ['stopped', FAILURE, null, 'Polling'],
])(
  'shows in a word what the page does: channel %s after %s, poll with problem %s: %s',
  (state, error, problem, word) => {
    const { page, status } = openStatus()
    status.showPoll(problem, new Date(2000))
    status.showChannel({ state, error, retryAt: null })
    expect(page.element('connection').textContent).toBe(word)
  },
)

it('showSignedOut() ends an outage without calling that connected', () => {
  const { page, announce, status } = openStatus()
  status.showPoll('The request timed out', new Date(4000))
  status.showSignedOut()
  expect(page.element('connection').textContent).toBe('Signed out')
  expect(page.element('outage').hidden).toBe(true)
  expect(announce).not.toHaveBeenCalledWith('Connected again')
})

it('retries at once when the user asks for it', () => {
  const { page, onRetry } = openStatus()
  page.element('retry-now').dispatchEvent(new Event('click'))
  expect(onRetry).toHaveBeenCalled()
})
