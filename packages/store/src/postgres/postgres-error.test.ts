import { describe, expect, it } from 'vitest'
import { isTransient, LostCommit, toStoreError } from './postgres-error.js'

const SECRET = 'insert into messages values (secret) on ada@db.internal'
const errorOf = (code: string) => Object.assign(new Error(SECRET), { code })

describe('toStoreError()', () => {
  it.each([
    ['25006', 'unwritable'],
    ['53100', 'full'],
    ['XX001', 'corrupt'],
    ['55P03', 'busy'],
    ['57014', 'busy'],
    ['40001', 'busy'],
    ['53300', 'busy'],
    ['57P01', 'unavailable'],
    ['57P03', 'unavailable'],
    ['08006', 'unavailable'],
    ['28P01', 'unavailable'],
    ['3D000', 'unavailable'],
    ['ECONNREFUSED', 'unavailable'],
    ['EAI_AGAIN', 'unavailable'],
    ['22021', 'invalid-argument'],
    ['42P01', 'not-a-store'],
    ['42501', 'failed'],
    ['23514', 'failed'],
  ])('toStoreError() translates an error of PostgreSQL or the system: %s is %s', (code, expected) => {
    const original = errorOf(code)
    expect(toStoreError(original)).toMatchObject({ code: expected, cause: original })
    expect(toStoreError(original).message).not.toMatch(/secret|internal|insert/)
  })

  it('toStoreError() translates the errors of several addresses as the first of them', () => {
    const refused = new AggregateError([errorOf('ECONNREFUSED'), errorOf('ENETUNREACH')])
    expect(toStoreError(refused).code).toBe('unavailable')
  })

  it.each([
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
    'timeout exceeded when trying to connect',
  ])('toStoreError() translates what pg says of a lost connection: %s', (message) => {
    expect(toStoreError(new Error(message))).toMatchObject({ code: 'unavailable' })
  })

  it.each([['a string'], [undefined], [new TypeError('x')]])(
    'toStoreError() translates any other thrown value to failed: %s',
    (thrown) => {
      expect(toStoreError(thrown)).toMatchObject({ code: 'failed', cause: thrown })
    },
  )
})

describe('isTransient()', () => {
  it.each(['40001', '40P01', '23505', '53300', '57P01', 'ECONNRESET'])('repeats work after %s', (code) => {
    expect(isTransient(errorOf(code))).toBe(true)
  })

  it.each(['55P03', '25006', '28P01', '3D000', '53100'])('does not repeat work after %s', (code) => {
    expect(isTransient(errorOf(code))).toBe(false)
  })

  it('does not repeat work whose commit may have succeeded', () => {
    expect(isTransient(new LostCommit(errorOf('ECONNRESET')))).toBe(false)
  })
})
