import { afterEach, describe, expect, it, vi } from 'vitest'
import { countCodePoints, describeLength, loadSender, saveSender } from './draft.js'

describe('countCodePoints()', () => {
  it('counts an emoji once', () => expect(countCodePoints('a😀')).toBe(2))
  it('counts each part of a joined emoji', () => expect(countCodePoints('👩‍💻')).toBe(3))
  it('counts a combining mark separately', () => expect(countCodePoints('e\u0301')).toBe(2))
  it('returns 0 for an empty text', () => expect(countCodePoints('')).toBe(0))
})

describe('describeLength()', () => {
  it('returns null far from the limit', () => expect(describeLength('a'.repeat(20_000))).toBeNull())

  it('returns null when only the UTF-16 length is near the limit', () => {
    expect(describeLength('😀'.repeat(16_384))).toBeNull()
  })

  it('shows the length near the limit', () => {
    expect(describeLength('a'.repeat(32_768))).toEqual({
      text: '32,768 of 32,768 characters',
      tooLong: false,
    })
  })

  it('marks a text beyond the limit as too long', () => {
    expect(describeLength('a'.repeat(32_769))?.tooLong).toBe(true)
  })
})

describe('loadSender()', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  it('returns the sender that was saved', () => {
    const items = new Map<string, string>()
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => items.set(key, value),
    })
    expect(loadSender()).toBe('')
    saveSender('ada')
    expect(loadSender()).toBe('ada')
  })

  it('returns an empty sender if the browser forbids storage', () => {
    vi.stubGlobal('localStorage', undefined)
    saveSender('ada')
    expect(loadSender()).toBe('')
  })
})
