import { describe, expect, it } from 'vitest'
import { openFakePage } from '../testing/fake-page.js'
import { prettyJson, showBody, tokenizeJson } from './json-text.js'

const joined = (text: string) =>
  tokenizeJson(text)
    .map((token) => token.text)
    .join('')

const kindOf = (text: string, piece: string) => tokenizeJson(text).find((token) => token.text === piece)?.kind

describe('prettyJson()', () => {
  it('spreads JSON over lines', () => expect(prettyJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}'))
  it('leaves other text alone', () => expect(prettyJson('<html>')).toBe('<html>'))
})

describe('tokenizeJson()', () => {
  const json = '{\n  "name": "a \\"b\\": c",\n  "n": -1.5e+3,\n  "yes": true,\n  "none": null\n}'

  it.each([
    ['"name"', 'key'],
    ['"a \\"b\\": c"', 'string'],
    ['-1.5e+3', 'number'],
    ['true', 'literal'],
    ['null', 'literal'],
    ['{\n  ', 'plain'],
  ])('classifies %j as: %s', (piece, kind) => expect(kindOf(json, piece)).toBe(kind))

  it.each([json, '', '{"cut off": "in the mid', '<!doctype html> "1" null-null', '"\\'])(
    'preserves the whole text: %j',
    (text) => expect(joined(text)).toBe(text),
  )

  it('classifies a string that looks like markup as a string', () => {
    expect(kindOf('{"a": "<img src=x onerror=alert(1)>"}', '"<img src=x onerror=alert(1)>"')).toBe('string')
  })
})

describe('showBody()', () => {
  const show = (body: string | null) => {
    const element = openFakePage().element('body')
    element.scrollTop = 7
    showBody(element as unknown as HTMLElement, body)
    return element
  }

  it('hides the element if there is no body', () => {
    expect(show(null)).toMatchObject({ hidden: true, content: [] })
  })

  it('colours the tokens of JSON, and scrolls to the beginning', () => {
    const element = show('{"id":1}')
    expect(element).toMatchObject({ hidden: false, scrollTop: 0, textContent: '{\n  "id": 1\n}' })
    expect(element.content).toMatchObject([
      '{\n  ',
      { className: 'json-key', textContent: '"id"' },
      ': ',
      { className: 'json-number', textContent: '1' },
      '\n}',
    ])
  })

  it('truncates a long body and tells how much is missing', () => {
    const { content } = show('x'.repeat(41_500))
    expect(content.at(-1)).toMatchObject({ tag: 'em', textContent: '\n… 1,500 more characters' })
  })
})
