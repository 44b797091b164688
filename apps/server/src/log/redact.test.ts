import { expect, it } from 'vitest'
import { describeError, toError } from './redact.js'

it('describeError() copies what every error has, and its code, and drops the rest', () => {
  const cause = new TypeError('inner')
  const error = Object.assign(new Error('outer', { cause }), { code: 'E1', request: { body: 'secret' } })
  expect(describeError(error)).toEqual({
    type: 'Error',
    code: 'E1',
    message: 'outer',
    stack: error.stack,
    cause: { type: 'TypeError', message: 'inner', stack: cause.stack },
  })
})

it.each(['text', 5, null, undefined])(
  'describeError() describes a thrown value that is not an Error: %s',
  (value) => {
    expect(describeError(value)).toEqual({ type: typeof value, message: 'thrown value is not an Error' })
  },
)

it('toError() is the inverse of describeError()', () => {
  const error = Object.assign(new RangeError('outer', { cause: new TypeError('inner') }), { code: 'E1' })
  const description = describeError(error)
  expect(describeError(toError(structuredClone(description)))).toEqual(description)
})
