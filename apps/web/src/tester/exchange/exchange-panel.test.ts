import { expect, it } from 'vitest'
import type { Exchange, ExchangeRequest } from '../../api/exchange.js'
import { openFakePage } from '../../testing/fake-page.js'
import { createExchangePanel } from './exchange-panel.js'

const requestTo = (target: string): ExchangeRequest => ({
  method: 'GET',
  url: `http://localhost${target}`,
  target,
  headers: [['Accept', 'application/json']],
  body: null,
})
const sent = (request: ExchangeRequest): Exchange => ({
  request,
  response: null,
  problem: null,
  durationMs: null,
})
const completed = (request: ExchangeRequest, status: number): Exchange => ({
  request,
  response: {
    status,
    statusText: 'Some Words',
    headers: [
      ['content-type', 'application/json'],
      ['vary', 'Origin'],
    ],
    body: '[]',
  },
  problem: null,
  durationMs: 12.4,
})

const openPanel = () => {
  const { element } = openFakePage()
  return { element, panel: createExchangePanel(() => {}) }
}

it.each([
  [200, ''],
  [403, '[]'],
])('forget() removes content, and keeps the reason why there is none: %i', (status, left) => {
  const { element, panel } = openPanel()
  const request = requestTo('/messages')
  panel.show(sent(request), 'action')
  panel.show(completed(request, status), 'action')
  expect(element('response-body').textContent).toBe('[]')
  panel.forget()
  expect(element('response-body').textContent).toBe(left)
})

it('shows the request when it is sent, then the response with the headers of interest', () => {
  const { element, panel } = openPanel()
  const request = requestTo('/messages')
  panel.show(sent(request), 'action')
  expect(element('request-line').textContent).toBe('GET /messages')
  expect(element('response-line').textContent).toBe('Waiting…')
  panel.show(completed(request, 200), 'action')
  expect(element('response-line').textContent).toBe('200 Some Words')
  expect(element('response-panel').dataset.status).toBe('200')
  expect(element('response-headers').textContent).toBe('content-typeapplication/json')
  expect(element('response-time').textContent).toBe('12 ms')
})

it('shows why there is no response', () => {
  const { element, panel } = openPanel()
  const request = requestTo('/messages')
  panel.show(sent(request), 'action')
  const problem = 'The request timed out'
  panel.show({ request, response: null, problem, durationMs: 15_000 }, 'action')
  expect(element('response-line').textContent).toBe(problem)
  expect(element('response-panel').dataset.status).toBe('none')
})

it('ignores a late response once a newer request was sent', () => {
  const { element, panel } = openPanel()
  const [first, second] = [requestTo('/first'), requestTo('/second')]
  panel.show(sent(first), 'action')
  panel.show(sent(second), 'action')
  panel.show(completed(first, 200), 'action')
  expect(element('response-line').textContent).toBe('Waiting…')
})

it('only counts polling unless the user wants to see it', () => {
  const { element, panel } = openPanel()
  const poll = requestTo('/sync')
  panel.show(sent(poll), 'polling')
  panel.show(completed(poll, 200), 'polling')
  expect(element('polling-count').textContent).toBe('1')
  expect(element('request-line').textContent).toBe('')

  element('show-polling').checked = true
  panel.show(sent(poll), 'polling')
  expect(element('request-line').textContent).toBe('GET /sync')
})

it('replaces what it shows when polling is denied access', () => {
  const { element, panel } = openPanel()
  const action = requestTo('/messages')
  panel.show(sent(action), 'action')
  panel.show(completed(action, 200), 'action')
  panel.show(completed(requestTo('/sync'), 401), 'polling')
  expect(element('request-line').textContent).toBe('GET /sync')
  expect(element('response-panel').dataset.status).toBe('401')
})
