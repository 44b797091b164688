import { AccountsError } from '@gitmsg/accounts'
import { StoreError } from '@gitmsg/store'
import { expect, it } from 'vitest'
import { withAdvice } from './database-advice.js'

it.each([StoreError, AccountsError])(
  'withAdvice() adds the code of the cause, and where to look: %o',
  (Kind) => {
    const cause = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1'), { code: 'ECONNREFUSED' })
    const failure = withAdvice(new Kind('unavailable', 'the database cannot be reached', { cause }))
    expect(failure).toBeInstanceOf(Kind)
    expect(failure).toMatchObject({
      ...{ code: 'unavailable', cause },
      message:
        'the database cannot be reached (ECONNREFUSED): check GITMSG_DATABASE_URL, and that PostgreSQL runs',
    })
    expect(withAdvice(new Kind('busy', 'busy')).message).toBe('busy')
  },
)

it('withAdvice() turns anything else into an error with the code "failed", which repeats nothing', () => {
  const cause = new TypeError('postgres://u:secret@host')
  expect(withAdvice(cause)).toMatchObject({ code: 'failed', message: 'the operation failed', cause })
})
