import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { FakeElement, openFakePage } from '../testing/fake-page.js'
import { renderMarkdown } from './render-markdown.js'

const ALLOWED_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['p', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'li', 'td', 'th', 'pre'].map((tag) => [tag, ['dir']]),
  ),
  ...Object.fromEntries(
    ['br', 'code', 'div', 'em', 'hr', 's', 'span', 'strong', 'table', 'tbody', 'thead', 'tr', 'ul'].map(
      (tag) => [tag, []],
    ),
  ),
  a: ['href', 'title', 'target', 'rel'],
  ol: ['start'],
}

const render = (source: string) => renderMarkdown(source) as unknown as FakeElement | null

function* elementsIn(root: FakeElement): Iterable<FakeElement> {
  yield root
  for (const child of root.content) if (child instanceof FakeElement) yield* elementsIn(child)
}

const find = (source: string, tag: string) =>
  [...elementsIn(render(source) ?? new FakeElement())].filter((element) => element.tag === tag)

function expectOnlyAllowed(root: FakeElement): void {
  for (const { tag, attributes, className } of elementsIn(root)) {
    expect(Object.keys(ALLOWED_ATTRIBUTES)).toContain(tag)
    expect(ALLOWED_ATTRIBUTES[tag]).toEqual(expect.arrayContaining([...attributes.keys()]))
    expect(className).toBe(tag === 'div' ? 'markdown' : '')
    if (tag === 'a') {
      expect(new URL(attributes.get('href') ?? '').protocol).toMatch(/^(https?|mailto):$/)
      expect(attributes.get('rel')).toBe('noopener noreferrer nofollow')
      expect(attributes.get('target')).toBe('_blank')
    }
    if (tag === 'ol') expect(attributes.get('start') ?? '1').toMatch(/^\d+$/)
  }
}

beforeEach(() => {
  openFakePage()
})

describe('renderMarkdown()', () => {
  it.each([
    ['**bold**', 'strong', 'bold'],
    ['_soft_', 'em', 'soft'],
    ['~~gone~~', 's', 'gone'],
    ['`code`', 'code', 'code'],
    ['# Title', 'h3', 'Title'],
    ['###### Title', 'h6', 'Title'],
    ['> quote', 'blockquote', 'quote'],
    ['- one', 'li', 'one'],
    ['```js\nlet a\n```', 'pre', 'let a'],
    ['| a |\n|---|\n| b |', 'td', 'b'],
  ])('creates the element of %j', (source, tag, text) => {
    expect(find(source, tag).map(({ textContent }) => textContent)).toEqual([text])
  })

  it('keeps the number that a list starts with, and line breaks', () => {
    expect(find('7. seven', 'ol')[0]?.getAttribute('start')).toBe('7')
    expect(find('one\ntwo', 'br')).toHaveLength(1)
  })

  it('links URLs and addresses, also bare ones', () => {
    const targets = find('[a](https://a.example/?b) http://www.b.com c@d.example <http://e.example>', 'a')
    expect(targets.map((link) => link.getAttribute('href'))).toEqual([
      'https://a.example/?b',
      'http://www.b.com',
      'mailto:c@d.example',
      'http://e.example',
    ])
  })

  it('shows an image as a link, or as text inside another link', () => {
    const [link] = find('![a *cat*](https://a.example/cat.png)', 'a')
    expect(link?.getAttribute('href')).toBe('https://a.example/cat.png')
    expect(link?.textContent).toBe('a *cat*')
    expect(find('[![cat](https://a.example/cat.png)](https://b.example)', 'a')).toHaveLength(1)
  })

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java&#115;cript:alert(1)',
    ' javascript:alert(1)',
    'vbscript:a',
    'data:text/html,a',
    'data:image/png;base64,AAAA',
    'file:///etc/passwd',
    'blob:null/1',
    'ftp://a.example',
    '//a.example',
    '/messages',
    '#main',
    '../..',
  ])('links nothing to %j, which stays in the text', (target) => {
    const source = `[a](${target}) ![b](${target}) <${target}>\n\n[c]\n\n[c]: ${target}`
    expect(find(source, 'a')).toEqual([])
    expect(render(source)?.textContent).toContain('[a](')
  })

  it('treats HTML as text', () => {
    const source = '<img src=x onerror=alert(1)> <script>alert(1)</script>\n\n<div onclick="a">b</div>'
    const root = render(source)
    expectOnlyAllowed(root as FakeElement)
    expect(root?.textContent).toBe(source.replace('\n\n', ''))
  })

  it('returns null for text of which something would be missing', () => {
    expect(renderMarkdown('[a]: https://a.example')).toBeNull()
    expect(renderMarkdown(`${'>'.repeat(120)} deep`)).toBeNull()
  })

  it.each([
    '[',
    ']',
    '![',
    '[a](',
    '*a_',
    '`a``',
    '<',
    '&',
    '\\[',
    '- ',
    '> ',
    '|a',
    '~~a',
    'www.',
    'a@b.c',
    '[a]: <',
    '&#0;',
  ])('copes with 32 KB of %j', (piece) => {
    const source = piece.repeat(32_768 / piece.length)
    const root = render(source)
    if (root) expectOnlyAllowed(root)
  })

  // Covers V1.3.5
  it('creates nothing but the allowed elements and attributes, whatever the text', () => {
    const url = fc.constantFrom(
      'javascript:alert(1)',
      'data:text/html,<b>',
      'https://a.example/"onclick=a',
      '//a',
    )
    const piece = fc.oneof(
      fc.constantFrom(
        '[',
        ']',
        '(',
        ')',
        '!',
        '*',
        '_',
        '`',
        '```\n',
        '~~',
        '> ',
        '- ',
        '1. ',
        '#',
        '|',
        '\n',
      ),
      fc.constantFrom(
        '|---|\n',
        '\n\n',
        '<b onclick="a">',
        '<!--',
        ']]>',
        '&lt;',
        '&#x6a;',
        '\\',
        '\t',
        ' "t"',
      ),
      fc.string({ unit: 'binary' }),
      url,
      url.map((target) => `[a](${target} "t")`),
      url.map((target) => `![a](<${target}>)`),
      url.map((target) => `\n\n[a]: ${target}\n\n[a]`),
    )
    let elements = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const root = render(pieces.join(''))
        if (root === null) return
        expectOnlyAllowed(root)
        elements += [...elementsIn(root)].length
      }),
      { numRuns: 300 },
    )
    expect(elements).toBeGreaterThan(500)
  })
})
