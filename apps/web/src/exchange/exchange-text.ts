import type { HeaderLines } from '../api/exchange.js'
import { prettyJson, tokenizeJson } from './pretty-json.js'

/** More than anybody reads here, and few enough pieces for the page to stay quick. */
const SHOWN_CHARACTERS = 40_000

/** Shows a body as coloured JSON built of text nodes; hides the element when there is none. */
export function showBody(element: HTMLElement, body: string | null): void {
  element.hidden = !body
  const text = prettyJson(body ?? '')
  const nodes: (Node | string)[] = tokenizeJson(text.slice(0, SHOWN_CHARACTERS)).map(
    ({ kind, text: piece }) => (kind === 'plain' ? piece : textElement('span', piece, `json-${kind}`)),
  )
  const hidden = text.length - SHOWN_CHARACTERS
  if (hidden > 0) nodes.push(textElement('em', `\n… ${hidden.toLocaleString('en')} more characters`))
  element.replaceChildren(...nodes)
  element.scrollTop = 0
}

/** Shows headers, one a line. */
export function showHeaders(list: HTMLElement, headers: HeaderLines): void {
  const lines = headers.map(([name, value]) => {
    const line = document.createElement('div')
    line.append(textElement('dt', name), textElement('dd', value))
    return line
  })
  list.replaceChildren(...lines)
}

/** An element that holds this text and nothing else. */
export function textElement(tag: string, text: string, className = ''): HTMLElement {
  const element = document.createElement(tag)
  element.textContent = text
  if (className) element.className = className
  return element
}
