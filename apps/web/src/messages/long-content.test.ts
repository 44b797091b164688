import { expect, it } from 'vitest'
import { isLong } from './long-content.js'

it('takes a few lines as they are', () => expect(isLong('one\ntwo\nthree')).toBe(false))
it('shortens many lines', () => expect(isLong('\n'.repeat(10))).toBe(true))
it('shortens one very long line', () => expect(isLong('a'.repeat(801))).toBe(true))
