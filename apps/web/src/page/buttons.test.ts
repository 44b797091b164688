import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { copyOnClick, isAvailable, setBusy, shortHash, startHashButton } from './buttons.js'

class Label {
  textContent = ''
  dataset: { copied?: string } = {}
}

class Button {
  textContent = 'Send'
  title = ''
  hidden = true
  readonly label = new Label()
  readonly #attributes = new Map<string, string>()
  click = async () => {}
  addEventListener = (_type: 'click', listener: () => Promise<void>) => {
    this.click = listener
  }
  querySelector = () => this.label
  getAttribute = (name: string) => this.#attributes.get(name) ?? null
  setAttribute = (name: string, value: string) => this.#attributes.set(name, value)
  removeAttribute = (name: string) => this.#attributes.delete(name)
}

const createButton = () => {
  const button = new Button()
  return { button, element: button as unknown as HTMLButtonElement }
}

const writeText = vi.fn(async (_text: string) => {})

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('HTMLElement', Label)
  vi.stubGlobal('navigator', { clipboard: { writeText } })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  writeText.mockReset()
})

describe('setBusy()', () => {
  it('marks the button as unavailable, then restores its label', () => {
    const { button, element } = createButton()
    setBusy(element, 'Sending…')
    expect([button.textContent, isAvailable(element)]).toEqual(['Sending…', false])
    setBusy(element, null)
    expect([button.textContent, isAvailable(element)]).toEqual(['Send', true])
  })
})

describe('copyOnClick()', () => {
  it('copies the current text, announces it, and clears the feedback after a moment', async () => {
    const { button, element } = createButton()
    const announce = vi.fn()
    copyOnClick(element, () => 'curl', announce)
    await button.click()
    expect(writeText).toHaveBeenCalledWith('curl')
    expect(announce).toHaveBeenCalledWith('Copied')
    expect(button.label.dataset.copied).toBe('Copied')
    vi.runAllTimers()
    expect(button.label.dataset.copied).toBeUndefined()
  })

  it('reports a clipboard that denies access', async () => {
    writeText.mockRejectedValueOnce(new Error('denied'))
    const { button, element } = createButton()
    const announce = vi.fn()
    copyOnClick(element, () => 'curl', announce)
    await button.click()
    expect(announce).toHaveBeenCalledWith('Copy failed')
  })
})

describe('startHashButton()', () => {
  it('shows the short hash and copies the full one', async () => {
    const { button, element } = createButton()
    const hash = '0123456789abcdef0123456789abcdef01234567'
    startHashButton(element, () => {})(hash)
    expect(button.label.textContent).toBe('0123456')
    expect(button.getAttribute('aria-label')).toBe('0123456, copy the full commit hash')
    expect(button.hidden).toBe(false)
    await button.click()
    expect(writeText).toHaveBeenCalledWith(hash)
  })
})

describe('shortHash()', () => {
  it('abbreviates to seven digits', () => expect(shortHash('0123456789')).toBe('0123456'))
})
