/** What a piece of JSON text is, for its colour; `plain` is punctuation, space and anything not JSON. */
type JsonTokenKind = 'key' | 'string' | 'number' | 'literal' | 'plain'

interface JsonToken {
  readonly kind: JsonTokenKind
  readonly text: string
}

const TOKEN =
  /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<string>"(?:[^"\\]|\\.)*"?)|(?<number>-?\d[\d.eE+-]*)|(?<literal>true|false|null)|(?<plain>[^"\-\dtfn]+|.)/gs

/** JSON text over several lines; anything else as it is. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** Cuts JSON text into pieces that together are the same text, also where it is cut off or broken. */
export function tokenizeJson(text: string): JsonToken[] {
  const tokens: JsonToken[] = []
  for (const match of text.matchAll(TOKEN)) {
    const [kind = 'plain'] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? []
    tokens.push({ kind: kind as JsonTokenKind, text: match[0] })
  }
  return tokens
}
