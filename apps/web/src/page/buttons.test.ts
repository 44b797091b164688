import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openFakePage } from '../testing/fake-page.js'
import { copyOnClick, isAvailable, setBusy, shortHash, startHashButton } from './buttons.js'

const writeText = vi.fn(async (_text: string) => {})

const openButton = () => {
  const button = openFakePage().element('copy')
  vi.stubGlobal('navigator', { clipboard: { writeText } })
  const click = () => {
    button.dispatchEvent(new Event('click'))
    return vi.advanceTimersByTimeAsync(0)
  }
  return { button, element: button as unknown as HTMLButtonElement, click }
}

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
  writeText.mockReset()
})

describe('setBusy()', () => {
  it('marks the button as unavailable, then restores its label', () => {
    const { button, element } = openButton()
    button.textContent = 'Send'
    setBusy(element, 'Sending…')
    expect([button.textContent, isAvailable(element)]).toEqual(['Sending…', false])
    setBusy(element, null)
    expect([button.textContent, isAvailable(element)]).toEqual(['Send', true])
  })
})

describe('copyOnClick()', () => {
  it('copies the current text, announces it, and clears the feedback after a moment', async () => {
    const { button, element, click } = openButton()
    const announce = vi.fn()
    copyOnClick(element, () => 'curl', announce)
    await click()
    expect(writeText).toHaveBeenCalledWith('curl')
    expect(announce).toHaveBeenCalledWith('Copied')
    expect(button.part('label').dataset.copied).toBe('Copied')
    vi.runAllTimers()
    expect(button.part('label').dataset.copied).toBeUndefined()
  })

  it('reports a clipboard that denies access', async () => {
    writeText.mockRejectedValueOnce(new Error('denied'))
    const { element, click } = openButton()
    const announce = vi.fn()
    copyOnClick(element, () => 'curl', announce)
    await click()
    expect(announce).toHaveBeenCalledWith('Copy failed')
  })
})

describe('startHashButton()', () => {
  it('shows the short hash and copies the full one', async () => {
    const { button, element, click } = openButton()
    const hash = '0123456789abcdef0123456789abcdef01234567'
    startHashButton(element, () => {})(hash)
    expect(button.part('label').textContent).toBe('0123456')
    expect(button.getAttribute('aria-label')).toBe('0123456, copy the full commit hash')
    await click()
    expect(writeText).toHaveBeenCalledWith(hash)
  })
})

describe('shortHash()', () => {
  it('abbreviates to seven digits', () => expect(shortHash('0123456789')).toBe('0123456'))
})
