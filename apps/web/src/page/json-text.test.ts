import { afterEach, describe, expect, it, vi } from 'vitest'
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
  interface Built {
    tag: string
    className: string
    text: string
  }
  const createElement = (tag: string): Built & { append(text: string): void } => ({
    tag,
    className: '',
    text: '',
    append(text) {
      this.text += text
    },
  })
  const show = (body: string | null) => {
    vi.stubGlobal('document', { createElement })
    let nodes: (Built | string)[] = []
    const element = {
      hidden: false,
      scrollTop: 7,
      replaceChildren: (...children: (Built | string)[]) => {
        nodes = children
      },
    }
    showBody(element as unknown as HTMLElement, body)
    return { element, nodes }
  }

  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('hides the element if there is no body', () => {
    expect(show(null)).toMatchObject({ element: { hidden: true }, nodes: [] })
  })

  it('colours the tokens of JSON', () => {
    const { element, nodes } = show('{"id":1}')
    expect(element).toMatchObject({ hidden: false, scrollTop: 0 })
    expect(nodes).toContainEqual(expect.objectContaining({ className: 'json-key', text: '"id"' }))
    expect(nodes).toContainEqual(expect.objectContaining({ className: 'json-number', text: '1' }))
  })

  it('truncates a long body and tells how much is missing', () => {
    const { nodes } = show('x'.repeat(41_500))
    expect(nodes.at(-1)).toMatchObject({ tag: 'em', text: '\n… 1,500 more characters' })
  })
})
