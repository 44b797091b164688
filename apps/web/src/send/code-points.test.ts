import { describe, expect, it } from 'vitest'
import { countCodePoints, describeLength } from './code-points.js'

describe('countCodePoints', () => {
  it('counts an emoji once', () => expect(countCodePoints('a😀')).toBe(2))
  it('counts each part of a joined emoji', () => expect(countCodePoints('👩‍💻')).toBe(3))
  it('counts a combining mark apart', () => expect(countCodePoints('e\u0301')).toBe(2))
  it('counts nothing in nothing', () => expect(countCodePoints('')).toBe(0))
})

describe('describeLength', () => {
  it('is silent while the limit is far', () => expect(describeLength('a'.repeat(20_000))).toBeNull())

  it('is silent when only the UTF-16 length is near', () => {
    expect(describeLength('😀'.repeat(16_384))).toBeNull()
  })

  it('speaks near the limit', () => {
    expect(describeLength('a'.repeat(32_768))).toEqual({
      text: '32,768 of 32,768 characters',
      tooLong: false,
    })
  })

  it('warns beyond it', () => expect(describeLength('a'.repeat(32_769))?.tooLong).toBe(true))
})
