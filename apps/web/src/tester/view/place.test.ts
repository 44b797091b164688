import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashOf, placeOf } from './place.js'

describe('placeOf()', () => {
  it.each([
    ['', { kind: 'list' }],
    ['#messages', { kind: 'list' }],
    ['#topic=deploys', { kind: 'topic', topic: 'deploys' }],
    ['#thread=12', { kind: 'thread', key: '12' }],
    ['#send-section', null],
    ['#topic=', null],
    ['#thread=../sync', null],
    ['#thread=0', null],
  ])('reads %j', (hash, place) => expect(placeOf(hash)).toEqual(place))
})

describe('hashOf()', () => {
  it.each([{ kind: 'list' }, { kind: 'thread', key: '0193a5c2-7b1e-7000-8000-000000000000' }] as const)(
    'returns the fragment of a place: $kind',
    (place) => expect(placeOf(hashOf(place))).toEqual(place),
  )

  it('keeps every character of a topic', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (topic) => {
        expect(placeOf(new URL(hashOf({ kind: 'topic', topic }), 'http://localhost/').hash)).toEqual({
          kind: 'topic',
          topic,
        })
      }),
    )
  })
})
