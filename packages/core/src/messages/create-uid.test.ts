import { expect, it } from 'vitest'
import { createUidSource } from './create-uid.js'

it('makes UUIDv7s of which no two are alike, in the order of the milliseconds', () => {
  const createUid = createUidSource()
  const uids = Array.from({ length: 10_000 }, createUid)

  expect(new Set(uids).size).toBe(uids.length)
  for (const uid of uids)
    expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const times = uids.map((uid) => uid.slice(0, 13))
  expect(times).toEqual(times.toSorted())
})
