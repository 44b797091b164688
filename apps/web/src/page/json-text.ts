import { build, type Content } from './elements.js'

/** The kind of a piece of JSON text; `plain` is punctuation, white space and anything that is not JSON. */
type JsonTokenKind = 'key' | 'string' | 'number' | 'literal' | 'plain'

interface JsonToken {
  readonly kind: JsonTokenKind
  readonly text: string
}

const TOKEN =
  /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\]|\\.)*"?)|(?<number>-?\d[\d.eE+-]*)|(?<literal>true|false|null)|(?<plain>[^"\-\dtfn]+|.)/gs

/** More than a person reads here, and few enough elements to keep the page fast. */
const MAX_SHOWN_CHARACTERS = 40_000

/** Indents JSON text; returns any other text unchanged. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** Splits text into tokens that add up to the same text, even if its JSON is truncated or invalid. */
export function tokenizeJson(text: string): JsonToken[] {
  const tokens: JsonToken[] = []
  for (const match of text.matchAll(TOKEN)) {
    const [kind = 'plain'] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? []
    tokens.push({ kind: kind as JsonTokenKind, text: match[0] })
  }
  return tokens
}

/** Shows a body as indented, coloured JSON; hides the element if there is no body. */
export function showBody(element: HTMLElement, body: string | null): void {
  const text = prettyJson(body ?? '')
  const nodes = tokenizeJson(text.slice(0, MAX_SHOWN_CHARACTERS)).map(toNode)
  const hiddenCharacters = text.length - MAX_SHOWN_CHARACTERS
  if (hiddenCharacters > 0) {
    nodes.push(build('em', '', `\n… ${hiddenCharacters.toLocaleString('en')} more characters`))
  }
  element.hidden = !body
  element.replaceChildren(...nodes)
  element.scrollTop = 0
}

function toNode({ kind, text }: JsonToken): Content {
  return kind === 'plain' ? text : build('span', `json-${kind}`, text)
}
