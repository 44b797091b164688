import { expect, it } from 'vitest'
import { scopeOf } from './search-scope.js'

it.each([
  ['messages?limit=50&before=7', {}, ''],
  ['messages/5/thread?after=7', {}, ''],
  ['messages?limit=50&topic=a+%26+b&deleted=true', { topic: 'a & b' }, ' in topic a & b'],
  ['messages?topic=a&sender=ada', { topic: 'a', sender: 'ada' }, ' with the filters of the list'],
])('takes over the filters of %s that a search has: %o', (target, filters, text) => {
  expect(scopeOf(target)).toEqual({ filters, text })
})
