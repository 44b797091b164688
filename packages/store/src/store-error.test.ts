import { expect, it } from 'vitest'
import { StoreError } from './store-error.js'

it('instanceof StoreError recognizes errors from another copy of the package, and no other errors', () => {
  class StoreErrorOfAnotherCopy extends Error {
    override readonly name = 'StoreError'
  }
  expect(new StoreError('busy', 'busy')).toBeInstanceOf(StoreError)
  expect(new StoreErrorOfAnotherCopy()).toBeInstanceOf(StoreError)
  expect(new Error('StoreError')).not.toBeInstanceOf(StoreError)
  expect({ name: 'StoreError' }).not.toBeInstanceOf(StoreError)
})
