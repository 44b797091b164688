import { expect, it } from 'vitest'
import { checkLimit, checkName, checkRecordedVersion, checkText, checkTime } from './arguments.js'
import { recordedVersion } from './testing/messages.js'

const invalidArgument = expect.objectContaining({ name: 'StoreError', code: 'invalid-argument' })

it.each([1, 1000])('checkLimit() accepts %s', (value) => {
  expect(() => checkLimit(value)).not.toThrow()
})

it.each([0, 1001, 1.5, '5', null])('checkLimit() rejects %j', (value) => {
  expect(() => checkLimit(value)).toThrow(invalidArgument)
})

it('checkText() accepts an emoji and rejects half of one', () => {
  expect(() => checkText('content', '😀')).not.toThrow()
  expect(() => checkText('content', '😀'.slice(0, 1))).toThrow(invalidArgument)
})

it.each(['a\0b', '\ud800', 7, undefined])('checkText() rejects %j', (value) => {
  expect(() => checkText('content', value)).toThrow(invalidArgument)
})

it.each(['', 'a\0b', '\ud800', 7, undefined])('checkName() rejects %j', (value) => {
  expect(() => checkName('uid', value)).toThrow(invalidArgument)
})

it.each([
  '2025-01-09T00:06:41Z',
  '2025-01-09T00:06:41.000+00:00',
  '2025-02-30T00:00:00.000Z',
  '2025-01-09 00:06:41.000Z',
  1_736_380_001_000,
])('checkTime() rejects a time in another form: %s', (value) => {
  expect(() => checkTime('timestamp', value)).toThrow(invalidArgument)
})

it.each([{ origin_id: 0 }, { origin_id: 1.5 }, { git_hash: '' }, { path: 'a\0' }, { uid: '' }])(
  'checkRecordedVersion() rejects an invalid field: %j',
  (field) => {
    expect(() => checkRecordedVersion({ ...recordedVersion('u1'), ...field })).toThrow(invalidArgument)
  },
)

it('an error about an argument names the rule and does not repeat the value', () => {
  expect(() => checkTime('since', 'secret')).toThrow(/^since must be RFC 3339 in UTC(?!.*secret)/)
})
