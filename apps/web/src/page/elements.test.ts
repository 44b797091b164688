import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { elementById, paragraphs, richText, setText } from './elements.js'

const createElement = (tag: string) => {
  const content: unknown[] = []
  return { tag, content, append: (...added: unknown[]) => content.push(...added) }
}

beforeEach(() => {
  vi.stubGlobal('document', { createElement, getElementById: () => null })
})

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('richText()', () => {
  it('turns text between backquotes into code elements', () => {
    expect(richText('Send `If-Match` again.')).toMatchObject([
      'Send ',
      { tag: 'code', content: ['If-Match'] },
      ' again.',
    ])
  })

  it('keeps markup as plain text', () => {
    expect(richText('<b>bold</b>')).toEqual(['<b>bold</b>'])
  })
})

describe('paragraphs()', () => {
  it('splits at empty lines and joins the lines between them', () => {
    expect(paragraphs('one\ntwo\n\nthree')).toMatchObject([
      { tag: 'p', content: ['one two'] },
      { tag: 'p', content: ['three'] },
    ])
  })
})

describe('elementById()', () => {
  it('throws if the page has no such element', () => {
    class HTMLElement {}
    expect(() => elementById('send', HTMLElement as never)).toThrow('The page has no HTMLElement #send')
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
