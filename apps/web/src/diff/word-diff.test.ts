import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DiffPiece, diffWords } from './word-diff.js'

const textOf = (pieces: DiffPiece[], without: DiffPiece['kind']) =>
  pieces
    .filter(({ kind }) => kind !== without)
    .map(({ text }) => text)
    .join('')

describe('diffWords()', () => {
  it('marks the words that differ', () => {
    expect(diffWords('ship it on Monday.', 'ship all of it on Friday.')).toEqual([
      { kind: 'same', text: 'ship' },
      { kind: 'added', text: ' all of' },
      { kind: 'same', text: ' it on' },
      { kind: 'same', text: ' ' },
      { kind: 'removed', text: 'Monday' },
      { kind: 'added', text: 'Friday' },
      { kind: 'same', text: '.' },
    ])
  })

  it('compares scripts without spaces by character', () => {
    expect(diffWords('我们星期一发布', '我们星期五发布')).toEqual([
      { kind: 'same', text: '我们星期' },
      { kind: 'removed', text: '一' },
      { kind: 'added', text: '五' },
      { kind: 'same', text: '发布' },
    ])
  })

  it('keeps joined emoji together', () => {
    expect(diffWords('👩‍💻 🇩🇪', '👩‍🚀 🇩🇰').map(({ text }) => text)).toEqual(['👩‍💻 🇩🇪', '👩‍🚀 🇩🇰'])
  })

  it('marks changes of white space alone', () => {
    expect(diffWords('one two', 'one\ntwo')).toEqual([
      { kind: 'same', text: 'one' },
      { kind: 'removed', text: ' two' },
      { kind: 'added', text: '\ntwo' },
    ])
  })

  it('returns one piece for equal texts', () => {
    expect(diffWords('same\n', 'same\n')).toEqual([{ kind: 'same', text: 'same\n' }])
  })

  it('returns the whole texts if it runs out of time', () => {
    const [older, newer] = ['a b '.repeat(5000), 'c d '.repeat(5000)]
    expect(diffWords(older, newer, 1)).toEqual([
      { kind: 'removed', text: older },
      { kind: 'added', text: newer },
    ])
  })

  it('never loses or invents a character of either text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom('one', 'two', ' ', '\n', '😀', 'ü', '。', '-')).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, text, (older, newer) => {
        const pieces = diffWords(older, newer)
        expect(textOf(pieces, 'added')).toBe(older)
        expect(textOf(pieces, 'removed')).toBe(newer)
      }),
    )
  })
})
