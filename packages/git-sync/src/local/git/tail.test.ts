import { expect, it } from 'vitest'
import { createTail } from './tail.js'

function tailOf(...chunks: string[]): string {
  const tail = createTail(16)
  for (const chunk of chunks) tail.push(Buffer.from(chunk))
  return tail.text()
}

it('a text that is short enough is kept as it is', () => {
  expect(tailOf('one\n', 'two')).toBe('one\ntwo')
  expect(tailOf('sixteen letters!')).toBe('sixteen letters!')
})

// Covers IN-70
it.each([
  ['a little too long', ['a secret\n', 'whole line\n']],
  ['very long', ['x'.repeat(1000), 'the end of it\n', 'whole line\n']],
  ['made of many writes', [...'many small writes, and a secret\nwhole line\n']],
])('what is left of a text that is %s begins with a whole line', (_, chunks) => {
  expect(tailOf(...chunks)).toBe('whole line\n')
})

it('nothing is left of a line that is longer than what is kept', () => {
  expect(tailOf('a secret without an end')).toBe('')
})
