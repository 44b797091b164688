import { curlCommand } from '../../api/curl-command.js'
import type { Exchange, ExchangeRequest, ExchangeResponse, HeaderLines, Purpose } from '../../api/exchange.js'
import type { Announce } from '../../page/announcer.js'
import { copyOnClick } from '../../page/buttons.js'
import { build, elementById, setText } from '../../page/elements.js'
import { showBody } from '../../page/json-text.js'

const SHOWN_RESPONSE_HEADERS = new Set([
  'allow',
  'content-type',
  'etag',
  'gitmsg-position',
  'link',
  'location',
  'retry-after',
  'x-request-id',
])

/** Shows one request as it was sent, and the response to it. */
export interface ExchangePanel {
  /** Shows an action of the user; polling is only counted, unless the user wants to see it. */
  show(exchange: Exchange, purpose: Purpose): void
  /** Removes a response with content, which only who has signed in may see. */
  forget(): void
}

/** Creates the panel; its button copies the request as a `curl` command. */
export function createExchangePanel(announce: Announce): ExchangePanel {
  const showPolling = elementById('show-polling', HTMLInputElement)
  const copyCurl = elementById('copy-curl', HTMLButtonElement)
  let current: ExchangeRequest | null = null
  let polls = 0

  function startExchange(request: ExchangeRequest): void {
    current = request
    copyCurl.hidden = false
    showRequest(request)
    showWaiting()
  }

  copyOnClick(copyCurl, () => (current ? curlCommand(current) : ''), announce)

  return {
    show(exchange, purpose) {
      const complete = exchange.durationMs !== null
      const unauthorized = exchange.response?.status === 401
      if (purpose === 'polling' && complete) {
        polls += 1
        setText(elementById('polling-count', HTMLElement), polls.toLocaleString('en'))
      }
      if (purpose === 'polling' && !showPolling.checked && exchange.request !== current && !unauthorized) {
        return
      }
      // Once access is denied, an earlier response must not stay on the screen.
      if (!complete || unauthorized) startExchange(exchange.request)
      // A late response must not appear below a newer request.
      if (complete && exchange.request === current) showOutcome(exchange)
    },
    forget() {
      const status = Number(elementById('response-panel', HTMLElement).dataset.status)
      if (!(status < 400)) return
      showResponseParts(null, '')
    },
  }
}

function showRequest({ method, target, headers, body }: ExchangeRequest): void {
  const line = elementById('request-line', HTMLElement)
  line.replaceChildren(build('span', 'method', method), ' ', build('span', 'target', target))
  showHeaders(elementById('request-headers', HTMLElement), headers)
  showBody(elementById('request-body', HTMLElement), body)
}

function showWaiting(): void {
  showResponseParts(null, '')
  delete elementById('response-panel', HTMLElement).dataset.status
  setText(elementById('response-line', HTMLElement), 'Waiting…')
}

function showOutcome({ response, problem, durationMs }: Exchange): void {
  showResponseParts(response, `${Math.max(1, Math.round(durationMs ?? 0)).toLocaleString('en')} ms`)
  const text = response ? `${response.status} ${response.statusText}`.trimEnd() : (problem ?? '')
  const tone = response && response.status < 400 ? 'good' : 'bad'
  elementById('response-panel', HTMLElement).dataset.status = String(response?.status ?? 'none')
  elementById('response-line', HTMLElement).replaceChildren(build('span', `status ${tone}`, text))
}

function showResponseParts(response: ExchangeResponse | null, duration: string): void {
  const headers = response?.headers.filter(([name]) => SHOWN_RESPONSE_HEADERS.has(name)) ?? []
  setText(elementById('response-time', HTMLElement), duration)
  showHeaders(elementById('response-headers', HTMLElement), headers)
  showBody(elementById('response-body', HTMLElement), response?.body ?? null)
}

function showHeaders(list: HTMLElement, headers: HeaderLines): void {
  const lines = headers.map(([name, value]) =>
    build('div', '', build('dt', '', name), build('dd', '', value)),
  )
  list.replaceChildren(...lines)
}
