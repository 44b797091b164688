import { curlCommand } from '../api/curl-command.js'
import type { Exchange, ExchangeRequest, ExchangeResponse, Purpose } from '../api/exchange.js'
import type { Announce } from '../page/announcer.js'
import { copyOnClick } from '../page/copy-button.js'
import { elementById, setText } from '../page/elements.js'
import { showBody, showHeaders, textElement } from './exchange-text.js'

const HEADERS_THAT_MATTER = new Set([
  'allow',
  'content-type',
  'link',
  'location',
  'retry-after',
  'x-request-id',
])

/** The panel that shows one request as it was sent, and what came back. */
export interface ExchangePanel {
  /** Shows what the user did; what the page does by itself is counted, and shown only when asked for. */
  show(exchange: Exchange, purpose: Purpose): void
}

/** Shows one exchange at a time; the request can be copied as a `curl` command. */
export function createExchangePanel(announce: Announce): ExchangePanel {
  const showPolling = elementById('show-polling', HTMLInputElement)
  const copyCurl = elementById('copy-curl', HTMLButtonElement)
  let current: ExchangeRequest | null = null
  let polls = 0

  copyOnClick(copyCurl, () => (current ? curlCommand(current) : ''), announce)

  function start(request: ExchangeRequest): void {
    current = request
    copyCurl.hidden = false
    showRequest(request)
    showWaiting()
  }

  return {
    show(exchange, purpose) {
      const over = exchange.took !== null
      const shutOut = exchange.response?.status === 401
      if (purpose === 'polling' && over) {
        polls += 1
        setText(elementById('polling-count', HTMLElement), polls.toLocaleString('en'))
      }
      if (purpose === 'polling' && !showPolling.checked && exchange.request !== current && !shutOut) return
      // Who is shut out must not go on to look at what was answered before.
      if (!over || shutOut) start(exchange.request)
      // An answer that comes after the next request was sent is not its answer.
      if (over && exchange.request === current) showAnswer(exchange)
    },
  }
}

function showRequest({ method, target, headers, body }: ExchangeRequest): void {
  const line = elementById('request-line', HTMLElement)
  line.replaceChildren(textElement('span', method, 'method'), ' ', textElement('span', target, 'target'))
  showHeaders(elementById('request-headers', HTMLElement), headers)
  showBody(elementById('request-body', HTMLElement), body)
}

function showWaiting(): void {
  showResponseParts(null, '')
  delete elementById('response-panel', HTMLElement).dataset.status
  setText(elementById('response-line', HTMLElement), 'Waiting…')
}

function showAnswer({ response, problem, took }: Exchange): void {
  showResponseParts(response, `${Math.max(1, Math.round(took ?? 0)).toLocaleString('en')} ms`)
  const words = response ? `${response.status} ${response.statusText}`.trimEnd() : (problem ?? '')
  const tone = response && response.status < 400 ? 'good' : 'bad'
  elementById('response-panel', HTMLElement).dataset.status = response
    ? String(response.status)
    : 'unanswered'
  elementById('response-line', HTMLElement).replaceChildren(textElement('span', words, `status ${tone}`))
}

function showResponseParts(response: ExchangeResponse | null, took: string): void {
  const headers = response?.headers.filter(([name]) => HEADERS_THAT_MATTER.has(name)) ?? []
  setText(elementById('response-time', HTMLElement), took)
  showHeaders(elementById('response-headers', HTMLElement), headers)
  showBody(elementById('response-body', HTMLElement), response?.body ?? null)
}
