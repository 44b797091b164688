import { describe, expect, it, vi } from 'vitest'
import { openFakePage } from '../testing/fake-page.js'
import { elementById, paragraphs, partOf, richText, setText } from './elements.js'

describe('richText()', () => {
  it('turns text between backquotes into code elements', () => {
    openFakePage()
    expect(richText('Send `If-Match` again.')).toMatchObject([
      'Send ',
      { tag: 'code', textContent: 'If-Match' },
      ' again.',
    ])
  })

  it('keeps markup as plain text', () => {
    expect(richText('<b>bold</b>')).toEqual(['<b>bold</b>'])
  })
})

describe('paragraphs()', () => {
  it('splits at empty lines and joins the lines between them', () => {
    openFakePage()
    expect(paragraphs('one\ntwo\n\nthree')).toMatchObject([
      { tag: 'p', textContent: 'one two' },
      { tag: 'p', textContent: 'three' },
    ])
  })

  it('makes a list of lines that all begin with a hyphen', () => {
    openFakePage()
    expect(paragraphs('- `1003`: binary\n- two\n\n- three\nfour')).toMatchObject([
      {
        tag: 'ul',
        content: [
          { tag: 'li', textContent: '1003: binary' },
          { tag: 'li', textContent: 'two' },
        ],
      },
      { tag: 'p', textContent: '- three four' },
    ])
  })
})

class HTMLMeterElement {}

describe('elementById()', () => {
  it('throws if the page has no such element', () => {
    openFakePage()
    expect(() => elementById('size', HTMLMeterElement as never)).toThrow(
      'The page has no HTMLMeterElement #size',
    )
  })
})

describe('partOf()', () => {
  it('throws if there is no such part', () => {
    const root = openFakePage().element('row') as unknown as Element
    expect(() => partOf(root, 'size', HTMLMeterElement as never)).toThrow(
      'The page has no HTMLMeterElement with data-part="size"',
    )
  })
})

describe('setText()', () => {
  it('does not touch an element that has the text already', () => {
    const write = vi.fn()
    const element = {
      get textContent() {
        return 'same'
      },
      set textContent(text: string) {
        write(text)
      },
    } as Element
    setText(element, 'same')
    expect(write).not.toHaveBeenCalled()
    setText(element, 'other')
    expect(write).toHaveBeenCalledWith('other')
  })
})
