import { describe, expect, it } from 'vitest'
import { prettyJson, tokenizeJson } from './pretty-json.js'

const joined = (text: string) =>
  tokenizeJson(text)
    .map((token) => token.text)
    .join('')

const kindOf = (text: string, piece: string) => tokenizeJson(text).find((token) => token.text === piece)?.kind

describe('prettyJson', () => {
  it('spreads JSON over lines', () => expect(prettyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}'))
  it('leaves other text alone', () => expect(prettyJson('<html>')).toBe('<html>'))
})

describe('tokenizeJson', () => {
  const json = '{\n  "name": "a \\"b\\": c",\n  "n": -1.5e+3,\n  "yes": true,\n  "none": null\n}'

  it.each([
    ['"name"', 'key'],
    ['"a \\"b\\": c"', 'string'],
    ['-1.5e+3', 'number'],
    ['true', 'literal'],
    ['null', 'literal'],
    ['{\n  ', 'plain'],
  ])('sees %j as %s', (piece, kind) => expect(kindOf(json, piece)).toBe(kind))

  it.each([json, '', '{"cut off": "in the mid', '<!doctype html> "1" null-null', '"\\'])(
    'loses nothing of %j',
    (text) => expect(joined(text)).toBe(text),
  )

  it('does not mistake a string that looks like markup for anything else', () => {
    expect(kindOf('{"a": "<img src=x onerror=alert(1)>"}', '"<img src=x onerror=alert(1)>"')).toBe('string')
  })
})
